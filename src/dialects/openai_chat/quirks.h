// Fitting an OpenAI-shaped request to a provider that speaks the OpenAI protocol in its own way.
// The body stays as the client wrote it but for the bytes that must change.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "json/scan.h"
#include "llm/capability.h"
#include "llm/quirks.h"

namespace gatehouse::dialects {

/// Whether a stream shall tell its usage even if the client did not ask: we need it for the bill.
enum class UsageWish : std::uint8_t { ask, leave };

/// What is to be changed whoever the provider is.
struct BodyWishes {
  llm::Capability endpoint = llm::Capability::chat;
  std::string_view model;  // as the provider knows it; empty: as the client wrote it
  UsageWish usage = UsageWish::ask;
};

/// What becomes of the chunk that holds the usage of a stream.
enum class UsageChunk : std::uint8_t {
  forward,
  hide,  // only we asked for it: the client must not see it
};

struct AdaptedBody {
  json::Edits edits;  // empty: the body goes as it came
  UsageChunk usage_chunk = UsageChunk::forward;
  std::vector<std::string> dropped;  // parameters that were left out, for the log
};

/// `members` are those of the object `body`. What is malformed further down is left for the
/// provider to refuse. Pure and thread-safe.
AdaptedBody adapt_body(const llm::Quirks& quirks, std::string_view body,
                       const std::vector<json::Member>& members, const BodyWishes& wishes);

}  // namespace gatehouse::dialects
