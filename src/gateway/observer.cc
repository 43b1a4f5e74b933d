#include "gateway/observer.h"

#include <algorithm>
#include <utility>

#include "logs/folded_text.h"

namespace gatehouse::gateway {

using exchange::Exchange;

namespace {

// Some twelve events of a word each.
constexpr std::size_t kMostGathered = 3072;

void note_findings(const usage::Findings& found, Exchange& exchange) {
  if (exchange.answered_model.empty()) exchange.answered_model = found.model;
  if (exchange.finish_reason.empty()) exchange.finish_reason = found.finish_reason;
  if (found.usage) exchange.usage = found.usage;
  if (!found.error.empty() && !exchange.error) {
    exchange.error = upstream_error(ErrorCode::upstream_status,
                                    exchange.provider + " error within the answer: " + found.error);
  }
}

}  // namespace

void Metering::note(bool is_last) {
  if (!meter_) return;
  if (is_last) {
    end();
  } else if (meter_->take_news()) {
    note_findings(meter_->findings(), *exchange_);
  }
}

void Metering::end() {
  if (!meter_) return;
  meter_->finish();
  note_findings(meter_->findings(), *exchange_);
  meter_.reset();
}

Observer::Observer(BodyShape shape, Metering metering, exchange::Captured& into)
    : metering_(std::move(metering)), into_(into) {
  if (shape == BodyShape::event_stream) events_.emplace();
}

void Observer::see(const http::Chunk& chunk) {
  if (events_) return gather(chunk.view(), chunk.is_last);
  if (usage::Meter* const meter = metering_.meter()) {
    meter->see(chunk.view(), chunk.is_last ? usage::Part::last : usage::Part::more);
  }
  if (into_.is_on) into_.text.append(within_limit(chunk.view()));
  metering_.note(chunk.is_last);
}

void Observer::see_end() {
  look();
  metering_.end();
}

bool Observer::is_between_events() {
  look();
  return !events_ || events_->is_between_events();
}

void Observer::gather(std::string_view bytes, bool is_last) {
  if (!is_last && bytes.size() <= kMostGathered - gathered_.size()) {
    gathered_.reserve(kMostGathered);
    gathered_.append(bytes);
    return;
  }
  look();
  look_at(bytes);
  metering_.note(is_last);
}

void Observer::look() {
  if (gathered_.empty()) return;
  look_at(gathered_);
  gathered_.clear();
  metering_.note(false);
}

void Observer::look_at(std::string_view bytes) {
  usage::Meter* const meter = metering_.meter();
  while (!bytes.empty()) {
    const usage::EventPart part = events_->next(bytes);
    // What is like the one before tells nothing that it did not.
    if (meter != nullptr && !part.is_alike) meter->see(part.bytes);
    keep(part);
  }
}

void Observer::see_own_event(std::string_view event) {
  look();
  usage::EventPart part;
  part.bytes = event;
  keep(part);
}

void Observer::keep(const usage::EventPart& part) {
  if (!into_.is_on) return;
  const std::string_view bytes = within_limit(part.bytes);
  if (bytes.empty()) return;
  into_.is_folded = true;
  if (part.is_alike && bytes.size() == part.bytes.size()) {
    logs::fold_alike(part.written, into_.text);
  } else {
    logs::fold_as_is(bytes, into_.text);
  }
}

std::string_view Observer::within_limit(std::string_view bytes) {
  const std::size_t room = into_.limit - kept_;
  if (bytes.size() > room) {
    into_.is_truncated = true;
    bytes = bytes.substr(0, room);
  }
  kept_ += bytes.size();
  return bytes;
}

}  // namespace gatehouse::gateway
