// A request ends when its body ends, exactly once, however it ends.
//
// A Settlement is made when a request arrives and moved along: into the answer's stream, as a
// by-value parameter. Whoever learns of the end says so (complete, upstream_failed, deadline); if
// nobody did before the Settlement is destroyed, the client has left: that is how a cancelled
// stream ends. A stream that is dropped before its first read never runs its body, and its
// parameters are destroyed all the same: hence a parameter, never a local.
#pragma once

#include <memory>

#include "exchange/exchange.h"

namespace gatehouse::gateway {

using exchange::Ending;
using exchange::Exchange;

/// Where settled requests go. close() must only queue: no I/O, no waiting; it runs in destructors.
/// What the exchange views (its request's head) may be gone when it returns.
class Books {
 public:
  virtual ~Books() = default;
  virtual void close(std::unique_ptr<Exchange> exchange, Ending ending) noexcept = 0;
  /// The gateway itself is ending what is still under way: such an end is a deadline, not the
  /// client's.
  virtual bool is_cutting() const = 0;
};

class Settlement {
 public:
  Settlement(Books& books, std::unique_ptr<Exchange> exchange)
      : books_(&books), exchange_(std::move(exchange)) {}
  Settlement(Settlement&&) noexcept = default;
  Settlement& operator=(Settlement&&) = delete;
  ~Settlement();

  Exchange& exchange() { return *exchange_; }
  bool is_open() const { return exchange_ != nullptr; }

  /// The whole answer has been handed to the client.
  void complete() { settle(Ending::complete); }
  /// Ends it as said; for answers that the gateway makes of an error.
  void end(Ending ending) { settle(ending); }
  /// The answer broke off. A failure caused by a time limit settles as a deadline, one caused by
  /// the client as client_gone.
  void fail(Error error);

 private:
  void settle(Ending ending);
  Books* books_;
  std::unique_ptr<Exchange> exchange_;  // empty once settled
};

/// The ending that a failure stands for.
Ending ending_of(const Error& error);

}  // namespace gatehouse::gateway
