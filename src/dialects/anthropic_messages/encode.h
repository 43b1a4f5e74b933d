// Pieces of the Messages protocol's answers that whole answers and streams share.
#pragma once

#include <string>
#include <string_view>

#include "dialects/dialect.h"
#include "dialects/json_writer.h"
#include "llm/reply.h"

namespace gatehouse::dialects::anthropic_messages {

/// "msg_…", from whatever the provider called the answer.
std::string message_id(std::string_view id, std::string_view otherwise);

/// The `stop_reason` and `stop_sequence` members.
void write_finish(JsonWriter& json, const llm::Finish& finish);

/// The `usage` object as a value. Here input_tokens are those that went around the cache.
void write_usage(JsonWriter& json, const llm::Usage& usage);

/// {"type":"error","error":{…}}, with the OpenAI shape's fields beside, so that clients of either
/// kind can read it.
std::string encode_error_body(const Error& error, const ErrorWords& words);

}  // namespace gatehouse::dialects::anthropic_messages
