#include "gateway/observer.h"

#include <algorithm>
#include <utility>

#include "logs/folded_text.h"

namespace gatehouse::gateway {

using exchange::Exchange;

namespace {

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
  if (events_) {
    see_events(chunk.view());
  } else {
    if (usage::Meter* const meter = metering_.meter()) {
      meter->see(chunk.view(), chunk.is_last ? usage::Part::last : usage::Part::more);
    }
    if (into_.is_on) into_.text.append(within_limit(chunk.view()));
  }
  metering_.note(chunk.is_last);
}

void Observer::see_events(std::string_view bytes) {
  usage::Meter* const meter = metering_.meter();
  while (!bytes.empty()) {
    const usage::EventPart part = events_->next(bytes);
    // What is like the one before tells nothing that it did not.
    if (meter != nullptr && !part.is_alike) meter->see(part.bytes);
    keep(part);
  }
}

void Observer::see_own_event(std::string_view event) {
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
