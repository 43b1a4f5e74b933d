#include "bench/wire/message_reader.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace gatehouse::bench {
namespace {

constexpr std::size_t kLongestHead = 64 * 1024;
constexpr std::size_t kLongestChunkLine = 4 * 1024;

std::optional<std::size_t> parse_chunk_size(std::string_view line) {
  std::size_t size = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), size, 16);
  if (error != std::errc{}) return std::nullopt;
  const bool is_whole = end == line.data() + line.size() || *end == ';' || *end == ' ';
  return is_whole ? std::optional(size) : std::nullopt;
}

}  // namespace

std::size_t ChunkedReader::take(std::string_view bytes, std::string& payload) {
  std::size_t taken = 0;
  while (taken < bytes.size() && state_ != State::complete && state_ != State::broken) {
    const std::string_view rest = bytes.substr(taken);
    taken += state_ == State::content ? take_content(rest, payload) : take_line(rest);
  }
  return taken;
}

std::size_t ChunkedReader::take_content(std::string_view bytes, std::string& payload) {
  const std::size_t size = std::min(missing_, bytes.size());
  payload.append(bytes.substr(0, size));
  missing_ -= size;
  if (missing_ == 0) state_ = State::content_end;
  return size;
}

std::size_t ChunkedReader::take_line(std::string_view bytes) {
  const std::size_t line_end = bytes.find('\n');
  if (line_end == std::string_view::npos) {
    line_.append(bytes);
    if (line_.size() > kLongestChunkLine) state_ = State::broken;
    return bytes.size();
  }
  line_.append(bytes.substr(0, line_end));
  if (!line_.empty() && line_.back() == '\r') line_.pop_back();
  close_line();
  line_.clear();
  return line_end + 1;
}

void ChunkedReader::close_line() {
  if (state_ == State::content_end) {
    state_ = line_.empty() ? State::size : State::broken;
    return;
  }
  if (state_ == State::trailer) {
    if (line_.empty()) state_ = State::complete;
    return;
  }
  const std::optional<std::size_t> size = parse_chunk_size(line_);
  if (!size) {
    state_ = State::broken;
    return;
  }
  missing_ = *size;
  state_ = missing_ == 0 ? State::trailer : State::content;
}

std::optional<MessageReader::Head> MessageReader::parse_head(std::string_view text) {
  Head head;
  head.size = text.size();
  head.first_line_size = text.find("\r\n");
  std::string_view rest = text.substr(head.first_line_size + 2);
  while (!rest.starts_with("\r\n")) {
    const std::size_t line_end = rest.find("\r\n");
    const std::string_view line = rest.substr(0, line_end);
    rest.remove_prefix(line_end + 2);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (equals_ignoring_case(name, "content-length")) {
      head.content_length = parse_number<std::size_t>(value);
      if (!head.content_length) return std::nullopt;
    } else if (equals_ignoring_case(name, "transfer-encoding")) {
      head.is_chunked = equals_ignoring_case(value, "chunked");
    }
  }
  return head;
}

MessageReader::Progress MessageReader::read_head() {
  const std::size_t end = buffer_.find("\r\n\r\n");
  if (end == std::string::npos) {
    return buffer_.size() > kLongestHead ? Progress::broken : Progress::needs_more;
  }
  head_ = parse_head(std::string_view(buffer_).substr(0, end + 4));
  if (!head_) return Progress::broken;
  used_ = head_->size;
  return read_body();
}

MessageReader::Progress MessageReader::read_body() {
  if (head_->is_chunked) {
    used_ += chunks_.take(std::string_view(buffer_).substr(used_), chunked_payload_);
    if (chunks_.state() == ChunkedReader::State::broken) return Progress::broken;
    const bool is_complete = chunks_.state() == ChunkedReader::State::complete;
    // Long streams must not pile up as raw bytes too: what is decoded goes.
    if (used_ > head_->size) {
      buffer_.erase(head_->size, used_ - head_->size);
      used_ = head_->size;
    }
    return is_complete ? Progress::complete : Progress::needs_more;
  }
  if (lasts_until_close()) return Progress::needs_more;
  used_ = head_->size + head_->content_length.value_or(0);
  return buffer_.size() >= used_ ? Progress::complete : Progress::needs_more;
}

bool MessageReader::lasts_until_close() const {
  return kind_ == MessageKind::response && !head_->is_chunked && !head_->content_length;
}

MessageReader::Progress MessageReader::feed(std::string_view bytes) {
  buffer_.append(bytes);
  return head_ ? read_body() : read_head();
}

MessageReader::Progress MessageReader::close() {
  if (!head_ || !lasts_until_close()) return Progress::broken;
  used_ = buffer_.size();
  return Progress::complete;
}

void MessageReader::next() {
  buffer_.erase(0, used_);
  used_ = 0;
  head_.reset();
  chunks_ = ChunkedReader{};
  chunked_payload_.clear();
}

std::string_view MessageReader::first_line() const {
  return head_ ? std::string_view(buffer_).substr(0, head_->first_line_size) : std::string_view{};
}

std::string_view MessageReader::payload() const {
  if (!head_) return {};
  if (head_->is_chunked) return chunked_payload_;
  const std::string_view body = std::string_view(buffer_).substr(head_->size);
  return lasts_until_close() ? body : body.substr(0, head_->content_length.value_or(0));
}

}  // namespace gatehouse::bench
