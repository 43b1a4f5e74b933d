// From what was decided to an Answer.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "demo/answer.h"
#include "demo/models.h"
#include "demo/refusal.h"
#include "json/value.h"

namespace gatehouse::demo {

/// A JSON answer, at the model's pace and with its fate.
Answer written(const json::Value& body, const Model& model = {});

/// Bytes of another kind: audio, plain text.
Answer written_bytes(std::string content_type, std::string bytes, const Model& model = {});

/// A stream of events that were written before.
Answer streamed(std::vector<Chunk> chunks, const Model& model);

/// The OpenAI error object, with the fields that clients act on.
Answer refused(const Refusal& refusal);

/// The `usage` object.
json::Value usage_of(std::int64_t prompt_tokens, std::int64_t completion_tokens);

}  // namespace gatehouse::demo
