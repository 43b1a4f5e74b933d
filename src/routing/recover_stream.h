// Mid-stream recovery: when the upstream of a chat's stream dies or falls silent after it has
// begun, the next target goes on from the text that the client has got, and the client sees one
// stream.
#pragma once

#include <memory>
#include <vector>

#include "http/body.h"
#include "routing/caller.h"
#include "routing/counts.h"
#include "routing/health.h"

namespace gatehouse::routing {

/// What a stream needs to be taken up elsewhere. Keeps plan and caller alive.
struct Recovery {
  std::shared_ptr<const exchange::Plan> plan;
  std::shared_ptr<Caller> caller;
  std::vector<const exchange::PlanNode*> rest;  // leaves of the plan, in the order of trying
  Health* health = nullptr;                     // outlives the stream
  std::chrono::milliseconds stall{};            // 0: silence is not a failure
  Counts* counts = nullptr;                     // outlives the stream
};

/// The bytes of `body` as they are, but: an event that is no JSON is left out and counted; a
/// missing
/// `[DONE]` is added to an answer that is whole. A stream that breaks before its finish reason goes
/// on with the leaves of `rest`, one after the other: their chunks get the first one's id, and text
/// that the client has already is left out. Error, when nobody can go on: the first failure; it is
/// never a clean end. Cancellation: closes whichever upstream is being read.
http::Stream<http::Chunk> recover_stream(http::Stream<http::Chunk> body,
                                         std::unique_ptr<Recovery> recovery);

/// The body of a chat request that asks for the rest of an answer. Error: invalid_request, if there
/// are no messages.
Result<std::string> continued_request(std::string_view body, const Continuation& continuation);

}  // namespace gatehouse::routing
