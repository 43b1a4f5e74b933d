#include "http/framing/sse.h"

#include <cstring>

#include "base/text.h"

namespace gatehouse::http {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// The offset of the first CR or LF at or after `from`, or npos.
std::size_t find_line_end(std::string_view bytes, std::size_t from) {
  const std::size_t line_feed = bytes.find('\n', from);
  const std::size_t carriage_return = bytes.substr(0, line_feed).find('\r', from);
  return carriage_return != std::string_view::npos ? carriage_return : line_feed;
}

}  // namespace

void SseParser::Pending::set(std::string_view value) {
  view = value;
  is_set = true;
  is_owned = false;
}

void SseParser::Pending::append_line(std::string_view value) {
  if (!is_set) return set(value);
  keep();
  owned += '\n';
  owned += value;
}

void SseParser::Pending::keep() {
  if (!is_set || is_owned) return;
  owned = view;
  is_owned = true;
}

void SseParser::Pending::clear() {
  is_set = false;
  is_owned = false;
  view = {};
}

Result<void> SseParser::feed(std::string_view bytes, std::vector<Frame>& out) {
  released_.clear();
  std::size_t at = 0;
  if (skips_line_feed_ && !bytes.empty()) {
    if (bytes.front() == '\n') at = 1;
    skips_line_feed_ = false;
  }
  while (at < bytes.size()) {
    const std::size_t end = find_line_end(bytes, at);
    const std::string_view piece = bytes.substr(at, end == std::string_view::npos ? end : end - at);
    if (pending_bytes() + piece.size() > max_event_bytes_) {
      return fail(upstream_error(
          ErrorCode::upstream_malformed,
          "The stream sent an event longer than " + std::to_string(max_event_bytes_) + " bytes."));
    }
    if (end == std::string_view::npos) {
      line_ += piece;
      break;
    }
    if (line_.empty()) {
      take_line(piece, out);
    } else {
      line_ += piece;
      released_.push_back(std::move(line_));
      line_.clear();
      take_line(released_.back(), out);
    }
    at = end + 1;
    if (bytes[end] != '\r') continue;
    if (at == bytes.size()) skips_line_feed_ = true;
    if (at < bytes.size() && bytes[at] == '\n') ++at;
  }
  data_.keep();
  name_.keep();
  return {};
}

Result<void> SseParser::finish(std::vector<Frame>& out) {
  released_.clear();
  if (!line_.empty()) {
    released_.push_back(std::move(line_));
    line_.clear();
    take_line(released_.back(), out);
  }
  dispatch(out);
  return {};
}

std::size_t SseParser::pending_bytes() const {
  return line_.size() + data_.text().size() + name_.text().size();
}

void SseParser::take_line(std::string_view line, std::vector<Frame>& out) {
  if (is_first_line_) {
    is_first_line_ = false;
    if (line.starts_with(kByteOrderMark)) line.remove_prefix(kByteOrderMark.size());
  }
  if (line.empty()) return dispatch(out);
  const std::size_t colon = line.find(':');
  if (colon == 0) return take_comment(line.substr(1), out);
  if (colon == std::string_view::npos) return take_field(line, {}, out);
  std::string_view value = line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  take_field(line.substr(0, colon), value, out);
}

void SseParser::take_comment(std::string_view text, std::vector<Frame>& out) {
  if (text.starts_with(' ')) text.remove_prefix(1);
  out.push_back({FrameKind::comment, {}, text});
}

void SseParser::take_field(std::string_view name, std::string_view value, std::vector<Frame>& out) {
  if (name == "data") {
    data_.append_line(value);
    if (flavour_ == SseFlavour::line_per_event) dispatch(out);
  } else if (name == "event") {
    name_.set(value);
  } else if (name == "id") {
    if (value.find('\0') == std::string_view::npos) last_event_id_ = value;
  } else if (name == "retry") {
    if (const auto millis = parse_number<std::uint32_t>(value)) {
      reconnection_time_ = std::chrono::milliseconds(*millis);
    }
  } else {
    ++malformed_lines_;
  }
}

std::string_view SseParser::release(Pending& pending) {
  std::string_view text = pending.text();
  if (pending.is_owned) {
    released_.push_back(std::move(pending.owned));
    text = released_.back();
    pending.owned.clear();
  }
  pending.clear();
  return text;
}

void SseParser::dispatch(std::vector<Frame>& out) {
  if (!data_.is_set) return name_.clear();
  const std::string_view name = release(name_);
  out.push_back({FrameKind::event, name, release(data_)});
}

}  // namespace gatehouse::http
