// Pictures and files that stand at addresses from which the provider does not fetch them: fetched
// here and put into the request.
#pragma once

#include "async/task.h"
#include "gateway/translate.h"
#include "gateway/worker.h"

namespace gatehouse::gateway {

/// A client names these addresses, so they pass the rules for custom hosts, at connect time too.
/// Redirects are not followed. One after the other, 20 MiB each.
/// Error: invalid_request, naming the address and why it could not be fetched. The arguments
/// outlive the task.
async::Task<void> fetch_media(http::Pool& pool, const Snapshot& snapshot, Translation& translation);

}  // namespace gatehouse::gateway
