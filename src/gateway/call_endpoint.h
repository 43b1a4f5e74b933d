// Endpoints beside chat of a provider with a protocol of its own (dialects/endpoint.h): embeddings,
// rerank, images, the list of models, counting tokens. One request may become several.
#pragma once

#include "attempt/attempt.h"
#include "dialects/endpoint.h"
#include "gateway/resolve.h"
#include "gateway/worker.h"

namespace gatehouse::gateway {

/// The door that translates this endpoint for the target; nullptr: nothing is to be translated.
const dialects::EndpointDoor* endpoint_door_of(Endpoint endpoint, const Target& target);

/// What a call needs; all of it outlives the task.
struct EndpointCall {
  Worker& worker;
  const Snapshot& snapshot;
  const http::Request& request;
  const ResolveInput& input;
  const Target& target;
};

/// Asks once for each request that the door makes, one after the other, and answers in the client's
/// shape. `note`: see try_target. Error: as the door, prepare, sign and try_target have it.
async::Task<attempt::AnswerPtr> call_endpoint(EndpointCall call, const dialects::EndpointDoor& door,
                                              exchange::AttemptNote note,
                                              exchange::Exchange& exchange);

}  // namespace gatehouse::gateway
