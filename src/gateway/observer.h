// What is learnt of an answer, and kept of it for the record, while it passes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "exchange/exchange.h"
#include "http/body.h"
#include "usage/event_cutter.h"
#include "usage/meter.h"

namespace gatehouse::gateway {

/// Whether a failure can still be told inside the body.
enum class BodyShape : std::uint8_t { document, event_stream };

/// Sees a body, chunk after chunk. Changes nothing but the exchange, which must live as long.
class Observer {
 public:
  /// Notes in the exchange what the meter finds, if there is one. `keeps`: where as much of the
  /// body is kept as its limit allows; nullptr: nowhere.
  Observer(exchange::Exchange& exchange, BodyShape shape, std::unique_ptr<usage::Meter> meter,
           exchange::Captured* keeps);

  void see(const http::Chunk& chunk);
  /// The body has ended. May be called again.
  void see_end();
  /// What the gateway adds to a stream itself: kept, not metered.
  void see_own_event(std::string_view event);
  /// Whether nothing has passed since the last event ended.
  bool is_between_events() const { return !events_ || events_->is_between_events(); }

 private:
  void see_events(std::string_view bytes);
  void keep(const usage::EventPart& part);
  std::string_view within_limit(std::string_view bytes);

  exchange::Exchange& exchange_;
  exchange::Captured* keeps_;
  std::unique_ptr<usage::Meter> meter_;
  std::optional<usage::EventCutter> events_;  // of an event stream
  std::size_t kept_ = 0;                      // bytes of the body
};

}  // namespace gatehouse::gateway
