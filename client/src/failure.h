// What went wrong, in words that tell the user what to set. The one place where statuses and errors
// become failures.
#pragma once

#include "base/error.h"
#include "client/src/raise.h"
#include "client/src/route.h"
#include "http/head.h"

namespace gatehouse::client {

/// An error of the network or of decoding an answer. Its message may name the route's origin.
Failure failure_of(const Error& error, const Route& route);

/// An answer with an error status, as an Error that failure_of understands.
Error error_of_answer(const http::ResponseHead& head, const std::string& body);

}  // namespace gatehouse::client
