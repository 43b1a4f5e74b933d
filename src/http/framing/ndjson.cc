#include "http/framing/ndjson.h"

#include "base/text.h"

namespace gatehouse::http {
namespace {

void take_line(std::string_view line, std::vector<Frame>& out) {
  const std::string_view text = trimmed(line);
  if (!text.empty()) out.push_back({FrameKind::event, {}, text});
}

}  // namespace

Result<void> NdjsonParser::feed(std::string_view bytes, std::vector<Frame>& out) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    const std::string_view piece = bytes.substr(0, end);
    if (line_.size() + piece.size() > max_line_bytes_) {
      return fail(upstream_error(
          ErrorCode::upstream_malformed,
          "The stream sent a line longer than " + std::to_string(max_line_bytes_) + " bytes."));
    }
    if (end == std::string_view::npos) {
      line_ += piece;
      break;
    }
    if (line_.empty()) {
      take_line(piece, out);
    } else {
      line_ += piece;
      completed_ = std::move(line_);
      line_.clear();
      take_line(completed_, out);
    }
    bytes.remove_prefix(end + 1);
  }
  return {};
}

Result<void> NdjsonParser::finish(std::vector<Frame>& out) {
  completed_ = std::move(line_);
  line_.clear();
  take_line(completed_, out);
  return {};
}

}  // namespace gatehouse::http
