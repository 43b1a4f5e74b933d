#include "gateway/hide_usage.h"

#include <cstring>
#include <utility>

#include "usage/findings.h"

namespace gatehouse::gateway {
namespace {

// Longer than any event that holds usage alone: beyond it, held bytes go on as they are.
constexpr std::size_t kMaxEvent = 256 * 1024;

bool is_usage_alone(std::string_view event) {
  const std::string_view usage = usage::find_raw(event, "usage");
  if (!usage.starts_with('{')) return false;
  const std::string_view choices = usage::find_raw(event, "choices");
  return choices.starts_with('[') && choices.find_first_not_of(" \t\r\n", 1) == choices.size() - 1;
}

}  // namespace

/// All of an event with usage alone; `"usage":null` and one comma beside it.
UsageHider::Cut UsageHider::cut_of(std::string_view event) {
  if (is_usage_alone(event)) return {0, event.size()};
  const std::string_view value = usage::find_raw(event, "usage");
  const std::size_t key = event.find(R"("usage")");
  if (value != "null" || key == std::string_view::npos) return {};
  Cut cut{key, static_cast<std::size_t>(value.data() - event.data()) + value.size()};
  const std::size_t before = event.find_last_not_of(" \t", key - 1);
  if (before != std::string_view::npos && event[before] == ',') {
    cut.begin = before;
  } else if (cut.end < event.size() && event[cut.end] == ',') {
    ++cut.end;
  }
  return cut;
}

/// Of an event like the last one: the same, but for what its strings are longer.
UsageHider::Cut UsageHider::cut_of(const usage::EventPart& part) {
  if (!part.is_alike) return cut_ = cut_of(part.bytes);
  if (cut_.end == 0) return {};
  Cut cut = cut_;
  for (const usage::Written& each : part.written) {
    if (each.begin < cut_.begin) cut.begin += each.text.size() - each.size;
    if (each.begin < cut_.end) cut.end += each.text.size() - each.size;
  }
  return cut;
}

/// Gives `keep` what may go on, piece by piece.
template <class Keep>
void UsageHider::pass(std::string_view bytes, usage::Meter* meter, const Keep& keep) {
  while (!bytes.empty()) {
    const usage::EventPart part = cutter_.next(bytes);
    if (meter != nullptr && !part.is_alike) meter->see(part.bytes);
    std::string begun;
    std::string_view event = part.bytes;
    Cut cut;
    if (!held_.empty() || !cutter_.is_between_events()) {
      held_.append(part.bytes);
      if (!cutter_.is_between_events() && held_.size() <= kMaxEvent) return;
      begun = std::exchange(held_, {});
      event = begun;
      if (cutter_.is_between_events()) cut = cut_of(event);
    } else {
      cut = cut_of(part);
    }
    keep(event.substr(0, cut.begin));
    keep(event.substr(cut.end));
  }
}

void UsageHider::pass(async::Chunk& chunk, usage::Meter* meter) {
  const bool is_last = chunk.is_last;
  if (chunk.block && held_.empty()) {
    char* const begin = chunk.block.bytes() + chunk.offset;
    char* end = begin;
    pass(chunk.view(), meter, [&end](std::string_view piece) {
      if (piece.data() != end) std::memmove(end, piece.data(), piece.size());
      end += piece.size();
    });
    chunk.size = static_cast<std::size_t>(end - begin);
  } else {
    std::string kept;
    pass(chunk.view(), meter, [&kept](std::string_view piece) { kept.append(piece); });
    chunk = async::make_chunk(std::move(kept));
  }
  if (is_last && !held_.empty()) {
    std::string all(chunk.view());
    chunk = async::make_chunk(all.append(finish()));
  }
  chunk.is_last = is_last;
}

std::string UsageHider::finish() { return std::exchange(held_, {}); }

}  // namespace gatehouse::gateway
