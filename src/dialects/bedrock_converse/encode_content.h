// Messages and their content blocks, for Bedrock.
#pragma once

#include "dialects/bedrock_converse/family.h"
#include "dialects/encode_ledger.h"
#include "dialects/json_writer.h"
#include "dialects/turns.h"

namespace gatehouse::dialects::bedrock_converse {

/// {"cachePoint":{"type":"default"}}, if the block or tool before it asks for one.
void write_cache_point(JsonWriter& json, const std::optional<llm::CacheControl>& cache);

/// The `system` member, left out when there is nothing to say.
void write_system(JsonWriter& json, const std::vector<const llm::Block*>& blocks);

/// The `messages` member.
void write_messages(JsonWriter& json, const std::vector<Turn>& turns, Family family,
                    EncodeLedger& ledger);

/// The id of a tool call, in the letters and the length that Bedrock takes.
std::string tool_use_id(std::string_view id);

}  // namespace gatehouse::dialects::bedrock_converse
