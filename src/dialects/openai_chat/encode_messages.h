// Messages in the OpenAI chat protocol, for a provider.
#pragma once

#include "dialects/encode_ledger.h"
#include "dialects/json_writer.h"

namespace gatehouse::dialects::openai_chat {

/// The `messages` member.
void write_messages(JsonWriter& json, const llm::Call& call, const EncodeTarget& target,
                    EncodeLedger& ledger);

}  // namespace gatehouse::dialects::openai_chat
