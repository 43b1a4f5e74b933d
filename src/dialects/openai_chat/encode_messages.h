// Messages in the OpenAI chat protocol, for a provider.
#pragma once

#include "dialects/encode_ledger.h"
#include "dialects/json_writer.h"

namespace gatehouse::dialects::openai_chat {

/// What the provider wants of messages.
struct MessageStyle {
  ReasoningEcho echo = ReasoningEcho::none;
  bool knows_custom_calls = true;
};

/// The `messages` member.
void write_messages(JsonWriter& json, const llm::Call& call, const MessageStyle& style,
                    EncodeLedger& ledger);

}  // namespace gatehouse::dialects::openai_chat
