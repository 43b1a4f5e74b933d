// One target, tried once, with its try written down.
#pragma once

#include "attempt/attempt.h"
#include "exchange/exchange.h"
#include "gateway/resolve.h"
#include "gateway/route.h"

namespace gatehouse::gateway {

/// Sends and notes the attempt. A status of failure of a unified endpoint becomes an Error that
/// keeps the provider's status, words and fields; a passed-through one stays an answer.
/// `note` is the record of this try as far as it is known: its path, reason and wait.
async::Task<attempt::AnswerPtr> try_target(http::Pool& pool, attempt::Outgoing& outgoing,
                                           const Target& target, exchange::AttemptNote note,
                                           exchange::Exchange& exchange);

/// Lets the request's body be passed on as it comes, instead of one that is held.
void send_as_upload(http::Request& request, attempt::Outgoing& outgoing);

}  // namespace gatehouse::gateway
