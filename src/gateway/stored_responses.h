// What the Responses protocol keeps between requests, where the gateway speaks it for a provider
// that does not: `previous_response_id`, and a response asked for again by its id.
#pragma once

#include <optional>

#include "attempt/attempt.h"
#include "gateway/read_request.h"
#include "gateway/worker.h"
#include "http/head.h"

namespace gatehouse::gateway {

/// A request for a response that was created before: GET and DELETE /v1/responses/{id}, GET
/// .../input_items. Nothing if the gateway does not have it: then it is the provider's.
/// Error: store. The arguments outlive the task.
async::Task<attempt::AnswerPtr> answer_stored_response(Worker& worker,
                                                       const http::RequestHead& head,
                                                       const exchange::Exchange& exchange);

/// The turns of one conversation, as they are kept with the next response.
struct Conversation {
  std::string body;   // the request with the earlier turns in front of its own input
  std::string input;  // JSON list of all items in it; empty: nothing is to be kept
};

/// What a request for a response goes on with. Error: invalid_request, also for a
/// previous_response_id that nobody knows. The arguments outlive the task.
async::Task<Conversation> recall_conversation(Worker& worker, const Asked& asked,
                                              const exchange::Exchange& exchange);

/// Keeps the response that passes, before the client has all of it. The worker outlives the body.
attempt::AnswerPtr keep_response(Worker& worker, attempt::AnswerPtr answer, std::string input,
                                 const exchange::Exchange& exchange);

}  // namespace gatehouse::gateway
