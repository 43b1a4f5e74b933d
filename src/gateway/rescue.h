// The one place where an Error becomes HTTP: the table from code to status and OpenAI `error.type`,
// and the body that every kind of client reads (wire spec section 5).
#pragma once

#include <string>

#include "dialects/dialect.h"
#include "exchange/exchange.h"
#include "gateway/settlement.h"
#include "http/server.h"

namespace gatehouse::gateway {

/// Status and type of an error; a provider's own status is kept.
dialects::ErrorWords words_of(const Error& error);

/// The body in the shape of the endpoint's dialect: OpenAI's with `status` and `message` beside it
/// for Portkey's clients, or Anthropic's.
std::string error_body(const Error& error, exchange::Endpoint endpoint);

/// The same as one event of a stream that has begun already.
std::string error_event(const Error& error, exchange::Endpoint endpoint);

/// The answer for an error; settles when it has been delivered.
http::Response rescue(Error error, Settlement settlement);

/// The answer to what never became a request of ours: it could not be read, or has no route.
http::Response refusal(const Error& error, std::string_view trace_id);

}  // namespace gatehouse::gateway
