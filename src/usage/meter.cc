#include "usage/meter.h"

#include "base/text.h"

namespace gatehouse::usage {
namespace {

constexpr std::size_t kMaxLine = 256 * 1024;
constexpr std::size_t kKeptEnd = 64 * 1024;

}  // namespace

void EventMeter::see(std::string_view bytes, Part part) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    const std::string_view line = bytes.substr(0, end);
    if (end == std::string_view::npos) {
      if (!is_skipping_) partial_.append(line);
      if (partial_.size() > kMaxLine) {
        is_skipping_ = true;
        partial_.clear();
        partial_.shrink_to_fit();
      }
      break;
    }
    if (is_skipping_) {
      is_skipping_ = false;
    } else if (partial_.empty()) {
      see_line(line);
    } else {
      see_line(partial_.append(line));
      partial_.clear();
    }
    bytes.remove_prefix(end + 1);
  }
  if (part == Part::last) finish();
}

void EventMeter::finish() {
  if (!partial_.empty()) see_line(partial_);
  partial_.clear();
  end_event();
}

void EventMeter::end_event() {
  if (data_.empty()) return;
  inspect(data_, findings_);
  data_.clear();
}

void EventMeter::see_line(std::string_view line) {
  constexpr std::string_view kData = "data:";
  if (line.empty() || line == "\r") {
    end_event();
    return;
  }
  if (!line.starts_with(kData)) return;
  const std::string_view data = trimmed(line.substr(kData.size()));
  if (data == "[DONE]") {
    findings_.is_done = true;
  } else if (data_.empty() && data.ends_with('}') && data.size() > 1) {
    inspect(data, findings_);  // a whole document on one line, as nearly all are
  } else if (data_.size() + data.size() <= kMaxLine) {
    data_.append(data);
  }
}

void DocumentMeter::see(std::string_view bytes, Part part) {
  if (part == Part::last && front_.empty()) {  // all of it at once, as short answers come
    inspect(bytes, findings_);
    return;
  }
  if (front_.size() + bytes.size() <= kKeptEnd) {
    front_.append(bytes);
    return;
  }
  if (bytes.size() >= kKeptEnd) {
    back_.assign(bytes.substr(bytes.size() - kKeptEnd));
    return;
  }
  if (back_.size() + bytes.size() > 2 * kKeptEnd) back_.erase(0, back_.size() - kKeptEnd);
  back_.append(bytes);
}

void DocumentMeter::finish() {
  inspect(front_, findings_);
  if (!back_.empty()) inspect(back_, findings_);
  front_.clear();
  back_.clear();
}

std::unique_ptr<Meter> make_meter(std::string_view content_type) {
  const std::string_view type = trimmed(content_type.substr(0, content_type.find(';')));
  if (equals_ignoring_case(type, "text/event-stream")) return std::make_unique<EventMeter>();
  if (equals_ignoring_case(type, "application/json")) return std::make_unique<DocumentMeter>();
  return nullptr;
}

}  // namespace gatehouse::usage
