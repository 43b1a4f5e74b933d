// The `generationConfig` of a Gemini request.
#pragma once

#include "dialects/encode_ledger.h"
#include "dialects/gemini/model_traits.h"
#include "dialects/json_writer.h"

namespace gatehouse::dialects::gemini {

/// The member, left out when there is nothing to say.
void write_generation_config(JsonWriter& json, const llm::Call& call, const ModelTraits& traits,
                             EncodeLedger& ledger);

}  // namespace gatehouse::dialects::gemini
