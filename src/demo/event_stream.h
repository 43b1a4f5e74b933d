// Server-sent events as the OpenAI API writes them.
#pragma once

#include <string>
#include <vector>

#include "demo/answer.h"
#include "demo/models.h"
#include "json/value.h"

namespace gatehouse::demo {

/// `data: JSON` and a blank line, each event a chunk of its own.
class EventStream {
 public:
  explicit EventStream(const Pace& pace) : pace_(pace) {}

  void add(const json::Value& event) { add_text(json::serialize(event)); }
  /// `data: [DONE]`, and all chunks.
  std::vector<Chunk> finish();

 private:
  void add_text(const std::string& text);

  Pace pace_;
  std::vector<Chunk> chunks_;
};

}  // namespace gatehouse::demo
