// Contents and their parts, for Gemini.
#pragma once

#include "dialects/encode_ledger.h"
#include "dialects/gemini/model_traits.h"
#include "dialects/json_writer.h"
#include "dialects/turns.h"

namespace gatehouse::dialects::gemini {

/// The `systemInstruction` member, left out when there is nothing to say.
void write_system(JsonWriter& json, const std::vector<const llm::Block*>& blocks);

/// The `contents` member.
void write_contents(JsonWriter& json, const llm::Call& call, const ModelTraits& traits,
                    EncodeLedger& ledger);

}  // namespace gatehouse::dialects::gemini
