// GET /v1/batches/:id/output, which no provider has: the batch names a file, and the file is the
// output (wire spec 1.2, a word of Portkey's).
#pragma once

#include "gateway/call_endpoint.h"

namespace gatehouse::gateway {

/// For providers that have batches and files as OpenAI has them. The file streams through. A batch
/// without output answers with its errors object; Error: invalid_request, naming the batch's
/// status, when it has neither, and those of prepare, sign and try_target. `note`: see try_target.
async::Task<attempt::AnswerPtr> call_batch_output(EndpointCall call, exchange::AttemptNote note,
                                                  exchange::Exchange& exchange);

}  // namespace gatehouse::gateway
