// Reading the body of a message off a connection, whatever delimits it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "async/block.h"
#include "async/socket.h"
#include "async/stream.h"
#include "http/chunked.h"
#include "http/head.h"

namespace gatehouse::http {

using async::Chunk;
using async::Stream;
using async::Task;
using async::Timeout;

/// How long to wait for the next bytes, and for all of them.
struct Patience {
  Timeout between{};                           // 0 = for ever
  MonotonicTime until = MonotonicTime::max();  // no read waits beyond it

  /// For the next read, from now on; never 0 when there is a limit, since 0 means none.
  Timeout next(MonotonicTime now) const;
};

/// Where a body comes from, and how far it has been read. Outlives the stream that reads it.
struct BodySource {
  async::Socket* socket = nullptr;
  Framing framing = Framing::none;
  bool is_complete = false;     // the whole body has been read
  ChunkedDecoder chunks;        // with Framing::chunked
  std::uint64_t remaining = 0;  // with Framing::length
  Patience patience;
  Chunk first;          // bytes that came with the head; may reach beyond this body
  std::string surplus;  // bytes after the body: the next message's (set when it is complete)

  bool has_first() const { return first.size > 0; }
  /// Ready for another body; what came with its head stays in `first`.
  void start(async::Socket& from, Framing delimited, std::uint64_t length) {
    if (framing == Framing::chunked) chunks = ChunkedDecoder();
    socket = &from;
    framing = delimited;
    remaining = length;
    surplus.clear();
    is_complete = false;
    patience = {};
  }
};

/// Whoever has to live as long as a body is read, and wants to know that it was read to its end.
class BodyOwner {
 public:
  virtual ~BodyOwner() = default;
  /// `self` is this.
  virtual void body_ended(std::unique_ptr<BodyOwner> self) = 0;
};

/// The decoded bytes, block by block; the last one is marked when the framing tells. Each chunk is
/// read only when asked for. `owner`, if any, owns the source. Error: invalid_request (bad
/// chunking), upstream_cut or client_gone when the connection ends before the body does,
/// request_timeout.
Stream<Chunk> read_body(BodySource& source, std::unique_ptr<BodyOwner> owner = nullptr);

/// An empty text with room for `size` bytes, outside of the object: views into it survive its
/// moves.
std::string text_for_views(std::size_t size);

/// Reads a body of known length whole, into its text and nowhere else. The caller has checked the
/// length. Error: those of read_body.
Task<std::string> collect_exactly(BodySource& source);

/// Reads a whole body into one text of at most `limit` bytes. Error: body_too_large, and those of
/// read_body.
Task<std::string> collect(Stream<Chunk> body, std::size_t expected, std::size_t limit);

}  // namespace gatehouse::http
