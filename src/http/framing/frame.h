// The unit of a streamed answer, whatever the framing on the wire: SSE, NDJSON or AWS event stream.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace gatehouse::http {

enum class FrameKind : std::uint8_t {
  event,      // data from the provider
  comment,    // an SSE comment: keeps the connection alive, means nothing
  exception,  // an AWS exception or error message: the stream has failed
};

/// One frame. The views live until the parser is fed again, or until the bytes that were fed are
/// freed, whichever comes first: a frame that lay whole in those bytes was not copied.
struct Frame {
  FrameKind kind = FrameKind::event;
  std::string_view name;  // SSE event, AWS event or exception type; empty if the framing has none
  std::string_view data;
};

/// No frame may be longer; a stream that sends one is given up instead of held in memory.
inline constexpr std::size_t kMaxFrameBytes = std::size_t{16} * 1024 * 1024;

/// Cuts a stream of bytes into frames. The bytes may be cut anywhere between two calls.
/// Protocol of use: `feed` each piece as it arrives, read `out`, clear it, feed the next; `finish`
/// once at the end of the body. After an error the parser is spent. One stream, one thread.
class FrameParser {
 public:
  virtual ~FrameParser() = default;
  /// Appends the frames that `bytes` completes. Error: upstream_malformed; the frames appended
  /// before it are good all the same, and should be used before the error is.
  virtual Result<void> feed(std::string_view bytes, std::vector<Frame>& out) = 0;
  /// Appends a last frame that only lacked its terminator. Error: upstream_cut if the body ended
  /// within a frame that cannot be read without its end.
  virtual Result<void> finish(std::vector<Frame>& out) = 0;
};

/// How a server of SSE tells events apart.
enum class SseFlavour : std::uint8_t {
  standard,        // by blank lines
  line_per_event,  // each `data` line is an event of its own (DeepInfra, SambaNova)
};

/// The parser for an answer of this content type, or nullptr if the type is not one that streams.
std::unique_ptr<FrameParser> make_frame_parser(std::string_view content_type,
                                               SseFlavour flavour = SseFlavour::standard);

}  // namespace gatehouse::http
