// What the upstream of the benchmark answers, in the shape of OpenAI's chat completions API.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace gatehouse::bench {

inline constexpr std::size_t kCompletionSize = 986;
inline constexpr std::size_t kEventSize = 237;
inline constexpr std::size_t kEventsPerStream = 100;  // and [DONE]

/// A chat completion with usage, kCompletionSize bytes of JSON.
std::string completion();

/// kEventsPerStream chat completion chunks as server-sent events of kEventSize bytes, the last of
/// which carries the usage, and then `data: [DONE]`.
std::vector<std::string> stream_events();

/// The bytes on the wire.
std::string response_with(std::string_view json);
std::string stream_head();
std::string chunk_of(std::string_view event);
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

/// Whether the body of a request asks for a stream.
bool asks_for_stream(std::string_view body);

}  // namespace gatehouse::bench
