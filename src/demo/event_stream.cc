#include "demo/event_stream.h"

namespace gatehouse::demo {

void EventStream::add_text(const std::string& text) {
  chunks_.push_back({"data: " + text + "\n\n", chunks_.empty() ? pace_.first : pace_.next});
}

std::vector<Chunk> EventStream::finish() {
  add_text("[DONE]");
  chunks_.back().delay = {};
  return std::move(chunks_);
}

}  // namespace gatehouse::demo
