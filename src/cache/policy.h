// What may be kept, and for how long.
#pragma once

#include <chrono>
#include <string_view>

#include "exchange/cache_settings.h"
#include "exchange/exchange.h"
#include "llm/reply.h"

namespace gatehouse::cache {

/// Asked twice, these endpoints give an answer that serves twice, as a JSON document. Not among
/// them: what changes something at the provider, lists what changes, or is passed through unread.
bool is_cacheable(exchange::Endpoint endpoint);

/// Whether a kept answer of this endpoint can be given as a stream, and a stream be kept.
bool can_stream(exchange::Endpoint endpoint);

struct AgeRules {
  std::chrono::seconds usual{604'800};      // of requests that say nothing
  std::chrono::seconds longest{7'776'000};  // whatever they say
};
std::chrono::seconds max_age_of(const exchange::CacheSettings& settings, const AgeRules& rules);

/// Only an answer that came to its own end is kept: not one that was cut by a limit of tokens,
/// withheld by a filter, refused, or that waits to be continued.
bool is_fit(const llm::Reply& reply);

/// The same for a document of /v1/completions.
bool is_fit_completion(std::string_view document);

/// A document of /v1/responses may tell of an answer that is still being made, or failed.
bool is_completed_response(std::string_view document);

/// The same for endpoints whose answers have no such ends: a whole JSON object that is no error.
bool is_fit_document(std::string_view document);

}  // namespace gatehouse::cache
