// What is learnt of an answer, and kept of it for the record, while it passes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "exchange/exchange.h"
#include "http/body.h"
#include "usage/event_cutter.h"
#include "usage/meter.h"

namespace gatehouse::gateway {

/// Whether a failure can still be told inside the body.
enum class BodyShape : std::uint8_t { document, event_stream };

/// Notes in the exchange, which must live as long, what a meter finds, if there is one.
class Metering {
 public:
  Metering(std::unique_ptr<usage::Meter> meter, exchange::Exchange& exchange)
      : meter_(std::move(meter)), exchange_(&exchange) {}
  usage::Meter* meter() { return meter_.get(); }
  /// The meter has been shown a chunk. It goes with the last one, if that is known to be the last.
  void note(bool is_last);
  /// The body has ended. May be called again.
  void end();

 private:
  std::unique_ptr<usage::Meter> meter_;
  exchange::Exchange* exchange_;
};

/// Sees a body, chunk after chunk, and changes nothing of it. The events of a stream are gathered
/// and looked at many at a time, since nobody waits for what they tell: of the code and the memory
/// that it takes, the first one then brings into the caches what the others find there.
class Observer {
 public:
  /// As much of the body is kept in `into`, which must live as long, as its limit allows.
  Observer(BodyShape shape, Metering metering, exchange::Captured& into);
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;
  ~Observer() { look(); }

  void see(const http::Chunk& chunk);
  /// The body has ended. May be called again.
  void see_end();
  /// What the gateway adds to a stream itself: kept, not metered.
  void see_own_event(std::string_view event);
  /// Whether nothing has passed since the last event ended.
  bool is_between_events();

 private:
  void gather(std::string_view bytes, bool is_last);
  void look();
  void look_at(std::string_view bytes);
  void keep(const usage::EventPart& part);
  std::string_view within_limit(std::string_view bytes);

  Metering metering_;
  exchange::Captured& into_;
  std::optional<usage::EventCutter> events_;  // of an event stream
  std::string gathered_;                      // of it, not yet looked at
  std::size_t kept_ = 0;                      // bytes of the body
};

}  // namespace gatehouse::gateway
