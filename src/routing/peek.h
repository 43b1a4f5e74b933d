// Looking into an answer before it is given to the client: while nothing has been passed on,
// another target can still take its place.
#pragma once

#include "attempt/attempt.h"
#include "routing/caller.h"

namespace gatehouse::routing {

/// Waits until a stream has said something of its answer (a role alone or a ping does not count),
/// or until a JSON document is there whole; gives the same answer back with every byte it had.
/// Error: the answer broke before that, held an error instead, or was no JSON: upstream_cut,
/// upstream_malformed, upstream_status, request_timeout. Bodies of other kinds are not looked at.
async::Task<attempt::AnswerPtr> committed(attempt::AnswerPtr answer, EventShape shape);

}  // namespace gatehouse::routing
