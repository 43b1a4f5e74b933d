// Thoughts that travel as a reasoning item's `encrypted_content`, which a client keeps and sends
// back without looking into it.
//
// Towards a client, the field carries what another provider needs to take its thoughts back: their
// signature, or the thoughts themselves if they came redacted. Towards a provider that speaks this
// protocol, it is that provider's own. A mark in front tells the two apart, so that neither is ever
// sent to a provider it did not come from.
#pragma once

#include <string>
#include <string_view>

#include "llm/message.h"

namespace gatehouse::dialects::openai_responses {

/// The field as a client of ours gets it; empty if there is nothing to carry.
std::string seal_for_client(const llm::Reasoning& reasoning);
/// What a client sent back, as signature or redacted thoughts of `reasoning`.
void unseal_from_client(std::string_view sealed, llm::Reasoning& reasoning);

/// A provider's own field as a signature in the vocabulary, and back; empty if it is not one of
/// those.
std::string signature_of_provider(std::string_view encrypted_content);
std::string_view encrypted_content_of(const llm::Reasoning& reasoning);

}  // namespace gatehouse::dialects::openai_responses
