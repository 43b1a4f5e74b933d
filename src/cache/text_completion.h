// Streams of /v1/completions, which is older than the chat protocol and has no dialect here: its
// chunks are documents whose texts are joined.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace gatehouse::cache {

/// The document that the data of a stream's events make together; nothing if the stream did not
/// come to its end, or held an error.
std::optional<std::string> join_completion(const std::vector<std::string>& events);

enum class UsageChunk : std::uint8_t { no, yes };

/// A document as such a stream, `[DONE]` included. Error: store, if it is none.
Result<std::string> split_completion(std::string_view document, UsageChunk usage);

}  // namespace gatehouse::cache
