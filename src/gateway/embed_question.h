// What a question means, as a vector: asked of the provider that the operator named for it.
#pragma once

#include <string>
#include <vector>

#include "async/task.h"
#include "gateway/worker.h"

namespace gatehouse::gateway {

/// Of length 1. Error: of the call, of an answer that holds no vector, or request_timeout; whoever
/// asks goes on without.
async::Task<std::vector<float>> embed_question(Worker& worker, const Snapshot& snapshot,
                                               std::string text);

}  // namespace gatehouse::gateway
