// Items of `input`, for a provider.
#pragma once

#include "dialects/encode_ledger.h"
#include "dialects/json_writer.h"

namespace gatehouse::dialects::openai_responses {

/// The `input` member.
void write_input(JsonWriter& json, const llm::Call& call, EncodeLedger& ledger);

}  // namespace gatehouse::dialects::openai_responses
