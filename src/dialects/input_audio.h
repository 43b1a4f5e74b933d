// The part `input_audio`, which Chat Completions and Responses have alike.
#pragma once

#include "dialects/json_reader.h"
#include "llm/message.h"

namespace gatehouse::dialects {

/// Reports to the part what is wrong with it.
llm::Audio decode_input_audio(Fields& part);

}  // namespace gatehouse::dialects
