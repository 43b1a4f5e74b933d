// Newline-delimited JSON: one value a line, as Ollama's own API streams it. Blank lines are
// ignored, a last line without its newline counts.
#pragma once

#include <string>

#include "http/framing/frame.h"

namespace gatehouse::http {

class NdjsonParser final : public FrameParser {
 public:
  explicit NdjsonParser(std::size_t max_line_bytes = kMaxFrameBytes)
      : max_line_bytes_(max_line_bytes) {}

  Result<void> feed(std::string_view bytes, std::vector<Frame>& out) override;
  Result<void> finish(std::vector<Frame>& out) override;

 private:
  std::size_t max_line_bytes_;
  std::string line_;       // the start of a line whose end has not arrived
  std::string completed_;  // the line that this call completed, which began in an earlier one
};

}  // namespace gatehouse::http
