// One call to an upstream over HTTP/1.1.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "http/pool.h"

namespace gatehouse::http {

/// The limits of one call. 0 = none.
struct CallTimeouts {
  Timeout first_byte{300'000};  // from the sent request to the first byte of the answer
  Timeout between{120'000};     // between bytes of the answer's body
  MonotonicTime until = MonotonicTime::max();
};

/// What is sent. The views must stay until the answer's head has come.
struct Call {
  Endpoint endpoint;
  std::string_view method = "POST";
  std::string_view target;             // path and query
  const FieldLines* fields = nullptr;  // all of them but Host, Content-Length and Transfer-Encoding
  std::span<const std::string_view> body;  // pieces of one text, sent without joining them
  std::optional<Stream<Chunk>> upload;     // instead of `body`: passed on as it comes
  std::optional<std::uint64_t> upload_length;
  CallTimeouts timeouts;
};

/// An answer whose head has come. Owns the connection: destroying it before the body has ended
/// closes the connection, and so cancels the call upstream.
class Answer {
 public:
  explicit Answer(Lease connection);
  Answer(Answer&&) noexcept;
  Answer& operator=(Answer&&) noexcept;
  ~Answer();

  /// Valid until take_body().
  const ResponseHead& head() const;
  /// The first bytes of the body came with the head.
  bool is_body_ready() const;
  /// The body; takes the connection along and gives it back to the pool at a clean end.
  Stream<Chunk> take_body();

 private:
  Lease connection_;
};

/// Sends the call and waits for the head of the answer; 1xx answers are skipped. A pooled
/// connection that turns out dead before its first byte is replaced once by a fresh one, and only
/// if the body can be sent again. Error: upstream_connection, upstream_cut, upstream_malformed,
/// request_timeout, custom_host_blocked. Cancellation: closes the connection.
Task<Answer> fetch(Pool& pool, Call& call);

}  // namespace gatehouse::http
