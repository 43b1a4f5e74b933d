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

Observer::Observer(Exchange& exchange, BodyShape shape, std::unique_ptr<usage::Meter> meter,
                   exchange::Captured* keeps)
    : exchange_(exchange), keeps_(keeps), meter_(std::move(meter)) {
  if (keeps_ != nullptr && !keeps_->is_on) keeps_ = nullptr;
  if (shape == BodyShape::event_stream) events_.emplace();
}

/// The meter goes with the last chunk, if that is known to be the last.
void Observer::see(const http::Chunk& chunk) {
  if (events_) {
    see_events(chunk.view());
  } else {
    if (meter_) {
      meter_->see(chunk.view(), chunk.is_last ? usage::Part::last : usage::Part::more);
    }
    if (keeps_ != nullptr) keeps_->text.append(within_limit(chunk.view()));
  }
  if (!meter_) return;
  if (chunk.is_last) {
    see_end();
  } else if (meter_->take_news()) {
    note_findings(meter_->findings(), exchange_);
  }
}

void Observer::see_events(std::string_view bytes) {
  while (!bytes.empty()) {
    const usage::EventPart part = events_->next(bytes);
    // What is like the one before tells nothing that it did not.
    if (meter_ && !part.is_alike) meter_->see(part.bytes);
    if (keeps_ != nullptr) keep(part);
  }
}

void Observer::see_end() {
  if (!meter_) return;
  meter_->finish();
  note_findings(meter_->findings(), exchange_);
  meter_.reset();
}

void Observer::see_own_event(std::string_view event) {
  usage::EventPart part;
  part.bytes = event;
  if (keeps_ != nullptr) keep(part);
}

void Observer::keep(const usage::EventPart& part) {
  const std::string_view bytes = within_limit(part.bytes);
  if (bytes.empty()) return;
  keeps_->is_folded = true;
  if (part.is_alike && bytes.size() == part.bytes.size()) {
    logs::fold_alike(part.written, keeps_->text);
  } else {
    logs::fold_as_is(bytes, keeps_->text);
  }
}

std::string_view Observer::within_limit(std::string_view bytes) {
  const std::size_t room = keeps_->limit - kept_;
  if (bytes.size() > room) {
    keeps_->is_truncated = true;
    bytes = bytes.substr(0, room);
  }
  kept_ += bytes.size();
  return bytes;
}

}  // namespace gatehouse::gateway
