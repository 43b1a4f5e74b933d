#include "gateway/settlement.h"

#include <utility>

namespace gatehouse::gateway {

Settlement::~Settlement() {
  if (!exchange_) return;
  // A client may leave as soon as it has what it wants: finish reason and usage are there, only the
  // closing `[DONE]` is not. That answer was delivered, and is billed and kept as such.
  if (!exchange_->finish_reason.empty() && exchange_->usage) {
    settle(Ending::complete);
    return;
  }
  settle(books_->is_cutting() ? Ending::deadline : Ending::client_gone);
}

void Settlement::fail(Error error) {
  if (!exchange_) return;
  Ending ending = ending_of(error);
  // An answer that broke off is no answer, whatever its provider calls the reason.
  const bool is_upstreams = error.origin == Origin::upstream;
  if (is_upstreams && ending == Ending::complete) ending = Ending::upstream_failed;
  if (!exchange_->error) exchange_->error = std::move(error);
  settle(ending);
}

void Settlement::settle(Ending ending) {
  if (!exchange_) return;
  books_->close(std::move(exchange_), ending);
}

Ending ending_of(const Error& error) {
  switch (error.code) {
    case ErrorCode::client_gone: return Ending::client_gone;
    case ErrorCode::request_timeout: return Ending::deadline;
    case ErrorCode::upstream_connection:
    case ErrorCode::upstream_malformed:
    case ErrorCode::upstream_cut:
    case ErrorCode::upstream_status: return Ending::upstream_failed;
    // Whatever else is answered by the gateway itself is an answer, and a complete one.
    default: return Ending::complete;
  }
}

}  // namespace gatehouse::gateway
