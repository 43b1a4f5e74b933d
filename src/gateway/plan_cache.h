// Whether and how the cache takes part in one call at one target: what the answer would be kept
// under, for how long, and how it is read and told.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "cache/key.h"
#include "exchange/cache_settings.h"
#include "gateway/answer_form.h"
#include "gateway/prepare.h"
#include "gateway/resolve.h"
#include "gateway/translate.h"
#include "gateway/worker.h"

namespace gatehouse::gateway {

/// A question that may be answered by the answer to a similar one.
struct SemanticCue {
  std::string text;  // what is compared by its meaning
  cache::Key scope;  // what must be the same
};

struct CachePlan {
  cache::Key key;
  exchange::CacheRefresh refresh = exchange::CacheRefresh::no;
  std::chrono::seconds max_age{};
  std::chrono::milliseconds longest_wait{};  // for an identical call under way; 0: none
  std::shared_ptr<const AnswerForm> form;
  std::optional<SemanticCue> semantic;
};

/// A call that is ready to go, as far as the steps before have it.
struct ReadyCall {
  const ResolveInput& input;
  const Target& target;
  Prepared& prepared;
  std::shared_ptr<Translation> translation;           // null between equal dialects
  const exchange::CacheSettings* settings = nullptr;  // of a config; null if it says nothing
};

/// Whether anybody asks for the cache at all; if not, a request has nothing more to do with it.
inline bool mentions_cache(const Snapshot& snapshot, const ReadyCall& call) {
  return !call.input.fields.cache.empty() || call.settings != nullptr ||
         snapshot.settings().cache.mode != exchange::CacheMode::none;
}

/// Nothing for a request that does not want the cache, or cannot have it: then the exchange says
/// so. Error: invalid_config, for a cache field that does not parse.
Result<std::optional<CachePlan>> plan_cache(const Worker& worker, const Snapshot& snapshot,
                                            const ReadyCall& call, exchange::Exchange& exchange);

}  // namespace gatehouse::gateway
