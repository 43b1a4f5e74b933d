#include "http/connection.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

#include "async/tls.h"
#include "base/text.h"
#include "http/date.h"
#include "http/head_buffer.h"

namespace gatehouse::http {

Connection::Connection(Server& server, async::Socket socket, const async::Address& peer)
    : server_(server), socket_(std::move(socket)), peer_ip_(peer.ip_text()) {
  next = server_.first_;
  if (next != nullptr) next->previous = this;
  server_.first_ = this;
  ++server_.connections_;
}

Connection::~Connection() {
  (previous != nullptr ? previous->next : server_.first_) = next;
  if (next != nullptr) next->previous = previous;
  --server_.connections_;
}

void Connection::trim() {
  if (!is_waiting_) return;
  std::string().swap(head_bytes_);
  request_ = RequestHead();
}

void Connection::drain() {
  // Waiting for a request: the end of reading wakes it, and no request is the end.
  if (is_waiting_) ::shutdown(socket_.watch().fd, SHUT_RD);
}

namespace {

/// What stands before and behind the chunks of a body (RFC 9112 section 7.1). Where the block has
/// room for it, it is written there, around the chunk: one piece goes out instead of three.
class BodyFraming {
 public:
  // NOLINTNEXTLINE(*-member-init): see size_
  explicit BodyFraming(bool is_chunked) : is_chunked_(is_chunked) {}

  /// The pieces to send: views into the chunk's block and into this, until the next call.
  std::span<const std::string_view> around(Chunk& chunk) {
    const std::string_view bytes = chunk.view();
    if (!is_chunked_ || bytes.empty()) return only(bytes);
    constexpr int kHex = 16;
    char* end = std::to_chars(size_.data(), size_.data() + kHex, bytes.size(), kHex).ptr;
    *end++ = '\r';
    *end++ = '\n';
    is_ended_ = chunk.is_last;
    const std::string_view before(size_.data(), static_cast<std::size_t>(end - size_.data()));
    const std::string_view behind = is_ended_ ? "\r\n0\r\n\r\n" : "\r\n";
    if (chunk.room_before() < before.size() || chunk.room_behind() < behind.size()) {
      pieces_ = {before, bytes, behind};
      return pieces_;
    }
    char* const first = chunk.block.bytes() + chunk.offset - before.size();
    std::ranges::copy(before, first);
    std::ranges::copy(behind, first + before.size() + bytes.size());
    return only({first, before.size() + bytes.size() + behind.size()});
  }
  /// What is still to come after the last chunk.
  std::string_view end() const { return is_chunked_ && !is_ended_ ? "0\r\n\r\n" : ""; }

 private:
  std::span<const std::string_view> only(std::string_view piece) {
    pieces_.front() = piece;
    return std::span(pieces_).first(1);
  }

  bool is_chunked_;
  bool is_ended_ = false;
  std::array<std::string_view, 3> pieces_;
  std::array<char, 20> size_;  // written before it is read
};

Error too_long(const HeadBuffer& buffer) {
  return client_error(ErrorCode::head_too_large, "The request head is larger than " +
                                                     std::to_string(buffer.limit()) + " bytes.");
}

}  // namespace

Task<void> Connection::serve(SSL_CTX* tls) {
  if (tls != nullptr) co_await async::accept_tls(socket_, *tls, server_.limits_.header_timeout);
  for (;;) {
    Result<bool> has_request = co_await as_result(read_head());
    Next then = Next::close;
    if (!has_request) {
      if (has_request.error()->code == ErrorCode::client_gone) co_return;
      then = co_await refuse(std::move(has_request.error()));
    } else if (!*has_request) {
      co_return;
    } else {
      socket_.on_peer_closed(gone_);
      then = co_await async::until(answer(), gone_,
                                   client_error(ErrorCode::client_gone, "The client left"));
      socket_.forget_peer_closed();
    }
    if (then == Next::close) co_return co_await linger();
    surplus_ = std::move(body_.surplus);
    is_waiting_ = true;
    if (server_.is_draining_) co_return;
  }
}

Task<bool> Connection::read_head() {
  constexpr std::size_t kAhead = 20UL * 1024;  // a usual head and a body of 16 KiB
  HeadBuffer buffer(server_.limits_.head.bytes, kAhead);
  buffer.start_with(surplus_);
  surplus_.clear();
  MonotonicTime until = MonotonicTime::max();
  while (!buffer.has_head()) {
    if (buffer.is_full()) co_return fail(too_long(buffer));
    // The first byte may take as long as a connection may idle; the rest of the head may not.
    const bool is_first = buffer.is_empty();
    const Patience patience{is_first ? server_.limits_.idle_timeout : Timeout{}, until};
    const Timeout timeout = patience.next(async::Loop::current().now());
    Result<std::size_t> got = co_await as_result(buffer.fill(socket_, timeout));
    if (!got && !is_first) co_return fail(std::move(got.error()));
    if (!got || *got == 0) co_return false;
    if (is_first) until = async::Loop::current().now() + server_.limits_.header_timeout;
    buffer.grow(*got);
  }
  if (buffer.is_too_long()) co_return fail(too_long(buffer));
  is_waiting_ = false;
  received_ = async::Loop::current().now();
  head_bytes_.assign(buffer.head());
  body_.first = buffer.take_rest();
  request_.reset();
  co_await parse_request_head(head_bytes_, server_.limits_.head, request_);
  co_return true;
}

Task<Connection::Next> Connection::answer() {
  body_.start(socket_, request_.framing, request_.content_length);
  body_.patience.between = server_.limits_.body_timeout;
  if (body_.framing == Framing::none) {
    if (body_.first.size > 0) body_.surplus = body_.first.view();
    body_.first = Chunk();
    body_.is_complete = true;
  }
  Request request(request_, body_, peer_ip_);
  request.received = received_;
  Result<Response> response = co_await as_result(server_.handler_.respond(request));
  if (response) co_return co_await write(std::move(*response));
  co_return co_await refuse(std::move(response.error()));
}

Task<Connection::Next> Connection::refuse(Error error) {
  request_.is_http11 = true;
  request_.is_keep_alive = false;
  co_return co_await write(server_.handler_.refuse(error));
}

std::string Connection::head_of(Response& response, bool is_chunked, bool keeps_alive) {
  FieldLines& fields = response.fields;
  if (!fields.has_date()) fields.add("date", current_http_date());
  const bool is_bodiless = response.status == 204 || response.status == 304;
  if (is_chunked) {
    fields.add("transfer-encoding", "chunked");
  } else if (response.length && !is_bodiless) {
    fields.add("content-length", *response.length);
  }
  if (!keeps_alive) {
    fields.add("connection", "close");
  } else if (!request_.is_http11) {
    fields.add("connection", "keep-alive");
  }
  constexpr std::size_t kStatusLine = 64;
  std::array<char, 4> status;
  char* const end =
      std::to_chars(status.data(), status.data() + status.size(), response.status).ptr;
  std::string text;
  text.reserve(kStatusLine + fields.text().size());
  text.append("HTTP/1.1 ").append(status.data(), end).append(" ");
  text.append(reason_of(response.status)).append("\r\n");
  text.append(fields.text()).append("\r\n");
  return text;
}

Task<Connection::Next> Connection::write(Response response) {
  if (!response.body.is_valid()) response.length = 0;
  const bool is_chunked = !response.length && request_.is_http11;
  const bool is_delimited = response.length || is_chunked;
  const bool keeps_alive =
      request_.is_keep_alive && is_delimited && !server_.is_draining_ && body_.is_complete;
  const Timeout patience = server_.limits_.write_timeout;
  // Its memory has just served another answer: what a connection keeps has left the caches.
  const std::string sent_head = head_of(response, is_chunked, keeps_alive);
  std::string_view head = sent_head;
  const bool has_body = response.body.is_valid() && request_.method != "HEAD";
  if (!has_body || !response.is_body_ready) {
    co_await socket_.write(head, {}, patience);
    head = {};
  }
  const auto sending = response.is_body_ready ? async::Sending::at_once : async::Sending::together;
  std::uint64_t sent = 0;
  BodyFraming framing(is_chunked);
  while (has_body) {
    Chunk* const chunk = co_await response.body.next();
    if (chunk == nullptr) break;
    sent += chunk->view().size();
    co_await socket_.write(head, framing.around(*chunk), patience, sending);
    head = {};
  }
  if (has_body) {
    const std::array<std::string_view, 1> end{framing.end()};
    if (!head.empty() || !end.front().empty()) co_await socket_.write(head, end, patience);
    if (response.length && sent != *response.length) {
      co_return fail(
          gateway_error(ErrorCode::internal, "The body has another length than announced."));
    }
  }
  co_return keeps_alive ? Next::keep_alive : Next::close;
}

// Closing while the client still sends would reset the connection and may destroy the answer on its
// way. So: no more from us, then read what comes for a moment.
Task<void> Connection::linger() {
  constexpr Timeout kMoment{1000};
  constexpr std::size_t kMost = 1024 * 1024;
  ::shutdown(socket_.watch().fd, SHUT_WR);
  async::Block block = async::Block::take();
  std::size_t total = 0;
  while (total < kMost) {
    const std::size_t got = co_await socket_.read({block.bytes(), async::kBlockSize}, kMoment);
    if (got == 0) co_return;
    total += got;
  }
}

Stream<Chunk> Request::body() {
  allow_body();
  return read_body(source_);
}

std::optional<std::string> Request::take_short_body(std::size_t limit) {
  const bool is_whole =
      source_.framing == Framing::length && source_.first.size == source_.remaining;
  if (!is_whole || source_.first.size > limit) return std::nullopt;
  std::string text = text_for_views(source_.first.size);
  text.append(source_.first.view());
  source_.first = Chunk();
  source_.remaining = 0;
  source_.is_complete = true;
  return text;
}

Task<std::string> Request::collect_body(std::size_t limit) {
  if (source_.framing == Framing::length && head.content_length > limit) {
    co_return fail(client_error(ErrorCode::body_too_large,
                                "The body is larger than " + std::to_string(limit) + " bytes."));
  }
  allow_body();
  if (source_.framing == Framing::length) co_return co_await collect_exactly(source_);
  co_return co_await collect(read_body(source_), head.content_length, limit);
}

void Request::allow_body() {
  if (!head.expects_continue || source_.is_complete || source_.first.size > 0) return;
  head.expects_continue = false;
  source_.socket->write_now("HTTP/1.1 100 Continue\r\n\r\n");
}

Stream<Chunk> one_chunk(std::string text) {
  if (text.empty()) co_return;
  Chunk chunk = async::make_chunk(std::move(text));
  chunk.is_last = true;
  co_yield chunk;
}

}  // namespace gatehouse::http
