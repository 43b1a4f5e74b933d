#include "http/client.h"

#include <array>
#include <charconv>

namespace gatehouse::http {

struct Answer::Flight {
  Lease lease;
  std::string head_bytes;
  ResponseHead head;
  BodySource body;
  bool has_seen_a_byte = false;
};

Answer::Answer(std::unique_ptr<Flight> flight) : flight_(std::move(flight)) {}
Answer::Answer(Answer&&) noexcept = default;
Answer& Answer::operator=(Answer&&) noexcept = default;
Answer::~Answer() = default;
const ResponseHead& Answer::head() const { return flight_->head; }
bool Answer::is_body_ready() const {
  return flight_->body.has_first() || flight_->body.framing == Framing::none;
}

namespace {

using Flight = Answer::Flight;

Stream<Chunk> body_of(std::unique_ptr<Flight> flight) {
  Stream<Chunk> body = read_body(flight->body);
  while (std::optional<Chunk> chunk = co_await body.next()) co_yield std::move(*chunk);
  // Bytes beyond the answer mean that the two ends have lost step: such a connection is not kept.
  if (flight->head.is_keep_alive && flight->body.surplus.empty()) flight->lease.give_back();
}

void append_number_field(std::string& text, std::string_view name, std::uint64_t number) {
  std::array<char, 20> digits;
  char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  text.append(name).append(digits.data(), end).append("\r\n");
}

std::string head_text(const Call& call) {
  constexpr std::size_t kOwnFields = 128;
  const std::string_view host =
      call.host.empty() ? std::string_view(call.endpoint.host) : call.host;
  const std::string_view fields = call.fields->text();
  std::string text;
  text.reserve(kOwnFields + call.target.size() + host.size() + fields.size());
  text.append(call.method).append(" ").append(call.target).append(" HTTP/1.1\r\nhost: ");
  text.append(host).append("\r\n").append(fields);
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
  return text.append("\r\n");
}

Task<void> send_whole(async::Socket& socket, std::string_view head, const Call& call) {
  std::vector<std::string_view> pieces{head};
  pieces.insert(pieces.end(), call.body.begin(), call.body.end());
  std::span<const std::string_view> rest = pieces;
  while (!rest.empty()) {
    const std::size_t count = std::min(rest.size(), async::detail::kMaxPieces);
    co_await socket.write(rest.first(count), call.timeouts.first_byte);
    rest = rest.subspan(count);
  }
}

Task<void> send_upload(async::Socket& socket, std::string_view head, Call& call) {
  const std::array<std::string_view, 1> first{head};
  const Timeout patience = call.timeouts.first_byte;
  co_await socket.write(first, patience);
  const bool is_chunked = !call.upload_length;
  while (std::optional<Chunk> chunk = co_await call.upload->next()) {
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
  const std::array<std::string_view, 1> last{is_chunked ? "0\r\n\r\n" : ""};
  co_await socket.write(last, patience);
}

// Reads one head, whatever its status. What came behind it stays in flight.body.first.
Task<void> read_head(Flight& flight, std::string_view method, const CallTimeouts& timeouts) {
  Patience patience{timeouts.first_byte, timeouts.until};
  async::Socket& socket = flight.lease.socket();
  async::Block block;
  std::size_t offset = 0;
  std::size_t filled = 0;
  if (flight.body.first.size > 0) {  // behind a 1xx head
    block = std::move(flight.body.first.block);
    offset = flight.body.first.offset;
    filled = flight.body.first.size;
  }
  std::size_t scanned = 0;
  std::size_t head_size =
      filled > 0 ? find_end_of_head({block.bytes() + offset, filled}, scanned) : 0;
  while (head_size == 0) {
    if (offset + filled == async::kBlockSize) {
      co_await Result<void>(fail(upstream_error(
          ErrorCode::upstream_malformed, "The head of the upstream's answer is too large.")));
    }
    const Timeout timeout = patience.next(async::Loop::current().now());
    if (!block) {
      co_await socket.readable(timeout);
      block = async::Block::take();
    }
    const std::size_t start = offset + filled;
    const std::size_t got =
        co_await socket.read({block.bytes() + start, async::kBlockSize - start}, timeout);
    if (got == 0) {
      co_await Result<void>(fail(upstream_error(
          ErrorCode::upstream_cut, "The upstream closed the connection before it answered.")));
    }
    flight.has_seen_a_byte = true;
    filled += got;
    head_size = find_end_of_head({block.bytes() + offset, filled}, scanned);
  }
  flight.head_bytes.assign(block.bytes() + offset, head_size);
  flight.head = ResponseHead{};
  flight.body.first = Chunk();
  if (filled > head_size) {
    flight.body.first.block = std::move(block);
    flight.body.first.offset = offset + head_size;
    flight.body.first.size = filled - head_size;
  }
  co_await parse_response_head(flight.head_bytes, method, flight.head);
}

Task<std::unique_ptr<Flight>> fly(Lease lease, Call& call, bool& has_seen_a_byte) {
  auto flight = std::make_unique<Flight>();
  flight->lease = std::move(lease);
  async::Socket& socket = flight->lease.socket();
  const std::string head = head_text(call);
  Result<void> sent;
  if (call.upload) {
    // An upstream may answer before it has taken everything ("too large"): then its answer counts.
    async::ReadableTrigger answered(socket.watch());
    Error early =
        upstream_error(ErrorCode::upstream_cut, "The upstream answered before the upload ended.");
    sent = co_await as_result(
        async::until(send_upload(socket, head, call), answered.trigger(), std::move(early)));
    if (!sent && sent.error().origin == Origin::client) co_await std::move(sent);
  } else {
    sent = co_await as_result(send_whole(socket, head, call));
  }
  // An upstream may refuse a body by answering and closing: look for the answer before giving up.
  do {
    Result<void> read = co_await as_result(read_head(*flight, call.method, call.timeouts));
    has_seen_a_byte = flight->has_seen_a_byte;
    if (!read) co_await std::move(sent ? read : sent);
  } while (flight->head.status < 200);
  flight->body.socket = &socket;
  flight->body.framing = flight->head.framing;
  flight->body.remaining = flight->head.content_length;
  flight->body.patience = {call.timeouts.between, call.timeouts.until};
  if (!sent) flight->head.is_keep_alive = false;
  co_return std::move(flight);
}

}  // namespace

Stream<Chunk> Answer::take_body() { return body_of(std::move(flight_)); }

Task<Answer> fetch(Pool& pool, Call call) {
  std::optional<Lease> idle = pool.take_idle(call.endpoint);
  if (!idle) idle = co_await pool.acquire(call.endpoint, Pool::Freshness::fresh_only);
  Lease lease = std::move(*idle);
  const bool may_repeat = lease.is_reused() && !call.upload;
  bool has_seen_a_byte = false;
  Result<std::unique_ptr<Flight>> flight =
      co_await as_result(fly(std::move(lease), call, has_seen_a_byte));
  const bool was_stale =
      !flight && may_repeat && !has_seen_a_byte && flight.error().code == ErrorCode::upstream_cut;
  if (was_stale) {
    Lease fresh = co_await pool.acquire(call.endpoint, Pool::Freshness::fresh_only);
    flight = co_await as_result(fly(std::move(fresh), call, has_seen_a_byte));
  }
  co_return Answer(co_await std::move(flight));
}

}  // namespace gatehouse::http
