#include "http/client.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "http/pooled_connection.h"

namespace gatehouse::http {

Answer::Answer(Lease connection) : connection_(std::move(connection)) {}
Answer::Answer(Answer&&) noexcept = default;
Answer& Answer::operator=(Answer&&) noexcept = default;
Answer::~Answer() = default;
const ResponseHead& Answer::head() const { return connection_->head; }
bool Answer::is_body_ready() const {
  return connection_->buffer.has_rest() || connection_->head.framing == Framing::none;
}

namespace {

/// The next bytes of the answer. True when its head is there; those of status 1xx are skipped.
Result<bool> grow(PooledConnection& flight, std::size_t bytes, std::string_view method) {
  HeadBuffer& buffer = flight.buffer;
  if (bytes == 0) {
    return fail(upstream_error(ErrorCode::upstream_cut,
                               "The upstream closed the connection before it answered."));
  }
  buffer.grow(bytes);
  while (buffer.has_head()) {
    flight.head.reset();
    Result<void> parsed = parse_response_head(buffer.head(), method, flight.head);
    if (!parsed) return fail(std::move(parsed.error()));
    if (flight.head.status >= 200) return true;
    buffer.start_with(buffer.take_rest());
  }
  if (!buffer.is_full()) return false;
  return fail(upstream_error(ErrorCode::upstream_malformed,
                             "The head of the upstream's answer is too large."));
}

void append_number_field(std::string& text, std::string_view name, std::uint64_t number) {
  std::array<char, 20> digits;
  char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  text.append(name).append(digits.data(), end).append("\r\n");
}

std::string head_of(const Call& call, std::string_view authority) {
  constexpr std::size_t kOwnFields = 128;
  const std::string_view fields = call.fields->text();
  std::string text;
  text.reserve(kOwnFields + call.target.size() + authority.size() + fields.size());
  text.append(call.method).append(" ").append(call.target).append(" HTTP/1.1\r\nhost: ");
  text.append(authority).append("\r\n").append(fields);
  if (call.upload) {
    if (call.upload_length) {
      append_number_field(text, "content-length: ", *call.upload_length);
    } else {
      text.append("transfer-encoding: chunked\r\n");
    }
  } else {
    std::uint64_t length = 0;
    for (const std::string_view piece : call.body) length += piece.size();
    if (length > 0 || call.method == "POST" || call.method == "PUT" || call.method == "PATCH") {
      append_number_field(text, "content-length: ", length);
    }
  }
  text.append("\r\n");
  return text;
}

// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<void> send_in_parts(async::Socket& socket, std::string_view head, const Call& call) {
  co_await socket.write(head, {}, call.timeouts.first_byte);
  std::span<const std::string_view> rest = call.body;
  while (!rest.empty()) {
    const std::size_t count = std::min(rest.size(), async::detail::kMaxPieces);
    co_await socket.write(rest.first(count), call.timeouts.first_byte);
    rest = rest.subspan(count);
  }
}

// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<void> send_upload(async::Socket& socket, std::string_view head, Call& call) {
  const Timeout patience = call.timeouts.first_byte;
  co_await socket.write(head, {}, patience);
  const bool is_chunked = !call.upload_length;
  while (Chunk* const chunk = co_await call.upload->next()) {
    std::array<char, 20> size_line;
    char* end = std::to_chars(size_line.data(), size_line.data() + 16, chunk->size, 16).ptr;
    *end++ = '\r';
    *end++ = '\n';
    const std::string_view size_text(size_line.data(),
                                     static_cast<std::size_t>(end - size_line.data()));
    const std::string_view none;
    const std::array<std::string_view, 3> pieces{is_chunked ? size_text : none, chunk->view(),
                                                 is_chunked ? std::string_view("\r\n") : none};
    co_await socket.write(pieces, patience);
  }
  if (is_chunked) co_await socket.write("0\r\n\r\n", {}, patience);
}

// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<void> send_with_upload(async::Socket& socket, std::string_view head, Call& call) {
  // An upstream may answer before it has taken everything ("too large"): then its answer counts.
  async::ReadableTrigger answered(socket.watch());
  Error early =
      upstream_error(ErrorCode::upstream_cut, "The upstream answered before the upload ended.");
  co_await async::until(send_upload(socket, head, call), answered.trigger(), std::move(early));
}

bool fits_one_write(const Call& call) { return call.body.size() < async::detail::kMaxPieces; }

/// Sends the call and waits for the head of its answer. `has_come`: whether any byte of it did.
// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<void> fly(PooledConnection& flight, Call& call, bool& has_come) {
  async::Socket& socket = flight.socket;
  std::string head = head_of(call, flight.authority);
  Result<void> sent;
  if (call.upload) {
    sent = co_await as_result(send_with_upload(socket, head, call));
    if (!sent && sent.error()->origin == Origin::client) co_await std::move(sent);
  } else if (fits_one_write(call)) {
    sent = co_await as_result(
        socket.write(head, call.body, call.timeouts.first_byte, async::Sending::together));
  } else {
    sent = co_await as_result(send_in_parts(socket, head, call));
  }
  std::string().swap(head);  // while it is in the caches, for the head of the next call
  // An upstream may refuse a body by answering and closing: look for the answer before giving up.
  Patience patience{call.timeouts.first_byte, call.timeouts.until};
  for (bool is_there = false; !is_there;) {
    const Timeout timeout = patience.next(async::Loop::current().now());
    Result<std::size_t> got = co_await as_result(flight.buffer.fill(socket, timeout));
    has_come = has_come || got.value_or(0) > 0;
    Result<bool> grown = false;
    if (got) {
      grown = grow(flight, *got, call.method);
    } else {
      grown = std::unexpected(std::move(got.error()));
    }
    // NOLINTNEXTLINE(bugprone-use-after-move): a failure that is awaited has ended the coroutine
    if (!grown && !sent) co_await std::move(sent);
    is_there = co_await std::move(grown);
  }
  if (!sent) flight.head.is_keep_alive = false;
}

}  // namespace

Stream<Chunk> Answer::take_body() {
  BodySource& body = connection_->body;
  body.first = connection_->buffer.take_rest();
  return read_body(body, std::move(connection_));
}

// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<Answer> fetch(Pool& pool, Call& call) {
  Lease flight = pool.take_idle(call.endpoint);
  if (!flight) flight = co_await pool.acquire(call.endpoint, Pool::Freshness::fresh_only);
  bool has_come = false;
  Result<void> flown = co_await as_result(fly(*flight, call, has_come));
  const bool may_repeat = flight->is_reused && !call.upload;
  const bool was_stale =
      !flown && may_repeat && !has_come && flown.error()->code == ErrorCode::upstream_cut;
  if (was_stale) {
    flight = co_await pool.acquire(call.endpoint, Pool::Freshness::fresh_only);
    flown = co_await as_result(fly(*flight, call, has_come));
  }
  co_await std::move(flown);
  BodySource& body = flight->body;
  body.start(flight->socket, flight->head.framing, flight->head.content_length);
  body.patience = {call.timeouts.between, call.timeouts.until};
  co_return Answer(std::move(flight));
}

}  // namespace gatehouse::http
