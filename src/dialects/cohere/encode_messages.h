// Messages for Cohere: nearly those of the OpenAI chat protocol.
#pragma once

#include "dialects/encode_ledger.h"
#include "dialects/json_writer.h"

namespace gatehouse::dialects::cohere {

/// The `messages` member.
void write_messages(JsonWriter& json, const llm::Call& call, EncodeLedger& ledger);

}  // namespace gatehouse::dialects::cohere
