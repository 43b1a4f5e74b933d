// Turning an answer back into the shape that was asked for, where the question had to be put in
// another: a JSON answer that was asked for as a tool's arguments becomes text again, and the free
// text of a custom tool is taken out of the function's argument that carried it. See DecodeHints.
#pragma once

#include <memory>

#include "dialects/dialect.h"

namespace gatehouse::dialects {

void reshape(llm::Reply& reply, const DecodeHints& hints);

/// The decoder itself when there is nothing to turn back.
std::unique_ptr<StreamDecoder> reshaped(std::unique_ptr<StreamDecoder> decoder,
                                        const DecodeHints& hints);

}  // namespace gatehouse::dialects
