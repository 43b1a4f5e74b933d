#include "async/socket.h"

#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "async/tls.h"

namespace gatehouse::async {
namespace detail {
namespace {

// Not by way of libc's recv() and send(): those are points where a thread may be cancelled, which
// costs each of them two atomic writes, and no thread here ever is.
ssize_t receive_from(int fd, std::span<char> into) {
  return ::syscall(SYS_recvfrom, fd, into.data(), into.size(), 0, nullptr, nullptr);
}

ssize_t send_to(int fd, std::span<const iovec> pieces) {
  if (pieces.size() == 1) {  // as most of a stream: the kernel has less to look at
    return ::syscall(SYS_sendto, fd, pieces.front().iov_base, pieces.front().iov_len, MSG_NOSIGNAL,
                     nullptr, 0);
  }
  msghdr message{};
  message.msg_iov = const_cast<iovec*>(pieces.data());
  message.msg_iovlen = pieces.size();
  return ::syscall(SYS_sendmsg, fd, &message, MSG_NOSIGNAL);
}

std::size_t size_of(std::span<const iovec> pieces) {
  std::size_t size = 0;
  for (const iovec& piece : pieces) size += piece.iov_len;
  return size;
}

void expire_read(void* context) {
  auto* state = static_cast<SocketState*>(context);
  if (state->reading != nullptr) state->reading->expire();
}

void expire_write(void* context) {
  auto* state = static_cast<SocketState*>(context);
  if (state->writing != nullptr) state->writing->expire();
}

}  // namespace

SocketState::SocketState(int descriptor, Peer role)
    : Watch(descriptor),
      peer(role),
      read_deadline(&expire_read, this),
      write_deadline(&expire_write, this) {}

SocketState::~SocketState() = default;

void SocketState::Close::operator()(SocketState* state) const {
  Loop::current().close(std::unique_ptr<Watch>(state));
}

Transfer SocketState::receive_raw(std::span<char> into) {
  if (!is_readable) return {Progress::wait_readable, 0};
  for (;;) {
    const ssize_t got = receive_from(fd, into);
    if (got >= 0) {
      // A short read has emptied the socket: the next byte is a new edge. But an end that has
      // already been announced will not be announced again.
      const auto size = static_cast<std::size_t>(got);
      if (size < into.size() && !is_peer_closed) is_readable = false;
      return {Progress::done, size};
    }
    if (errno == EINTR) continue;
    if (errno != EAGAIN && errno != EWOULDBLOCK) return {Progress::failed, 0};
    is_readable = false;
    return {Progress::wait_readable, 0};
  }
}

Transfer SocketState::send_raw(std::span<const iovec> pieces) {
  for (;;) {
    const ssize_t sent = send_to(fd, pieces);
    if (sent >= 0) return {Progress::done, static_cast<std::size_t>(sent)};
    if (errno == EINTR) continue;
    if (errno != EAGAIN && errno != EWOULDBLOCK) return {Progress::failed, 0};
    is_writable = false;
    return {Progress::wait_writable, 0};
  }
}

bool SocketState::may_receive() const { return is_readable || (tls && tls->has_pending()); }

Transfer SocketState::receive(std::span<char> into) {
  return tls ? tls->receive(into) : receive_raw(into);
}

Transfer SocketState::send(std::span<const iovec> pieces) {
  return tls ? tls->send(pieces) : send_raw(pieces);
}

Error SocketState::broken(std::string_view what) const {
  const std::string reason = tls ? tls->failure() : std::strerror(errno);
  if (peer == Peer::client) {
    return client_error(ErrorCode::client_gone, std::string(what) + " the client: " + reason);
  }
  return upstream_error(ErrorCode::upstream_cut, std::string(what) + " the upstream: " + reason);
}

Error SocketState::timed_out(std::string_view what) const {
  Error error = gateway_error(ErrorCode::request_timeout, std::string(what));
  error.origin = peer == Peer::client ? Origin::client : Origin::upstream;
  return error;
}

bool SocketRead::start(Waiter& waiter) {
  if (advance()) return false;
  waiter_ = &waiter;
  wait();
  if (timeout_.count() > 0) state_->read_deadline.arm(timeout_);
  return true;
}

bool SocketRead::advance() {
  if (block_ != nullptr) return fill();
  if (into_.empty()) {
    return state_->may_receive();
  }
  return settle(state_->receive(into_));
}

bool SocketRead::fill() {
  if (filled_ == 0) {
    if (wanted_ == Progress::wait_readable && !state_->may_receive()) return false;
    if (!*block_) *block_ = Block::take();
  }
  if (settle(state_->receive({block_->bytes() + filled_, most_}))) return true;
  if (filled_ == 0) *block_ = Block();
  return false;
}

/// Whether the transfer is an outcome.
bool SocketRead::settle(const Transfer& transfer) {
  if (transfer.progress == Progress::done) {
    size_ = transfer.size;
  } else if (transfer.progress == Progress::failed) {
    failure_ = state_->broken("Lost the connection to");
  } else {
    wanted_ = transfer.progress;
    return false;
  }
  return true;
}

void SocketRead::wait() {
  is_waiting_ = true;
  state_->reading = this;
  (wanted_ == Progress::wait_readable ? state_->reader : state_->writer) = this;
}

void SocketRead::withdraw() {
  if (!is_waiting_) return;
  is_waiting_ = false;
  state_->read_deadline.cancel();
  state_->reading = nullptr;
  if (state_->reader == this) state_->reader = nullptr;
  if (state_->writer == this) state_->writer = nullptr;
}

std::coroutine_handle<> SocketRead::on_ready(Waiter& waiter) noexcept {
  auto& self = static_cast<SocketRead&>(waiter);
  if (!self.advance()) {
    self.wait();
    return std::noop_coroutine();
  }
  self.withdraw();
  return self.waiter_->done(*self.waiter_);
}

void SocketRead::expire() {
  failure_ = state_->timed_out("No bytes came in time.");
  withdraw();
  waiter_->done(*waiter_).resume();
}

bool SocketWrite::start(Waiter& waiter) {
  waiter_ = &waiter;
  if (Loop& loop = Loop::current(); sending_ == Sending::together && loop.is_gathering()) {
    is_put_off_ = true;
    loop.after_events(*this);
    return true;
  }
  if (advance()) return false;
  wait();
  if (timeout_.count() > 0) state_->write_deadline.arm(timeout_);
  return true;
}

bool SocketWrite::advance() {
  std::array<iovec, kMaxPieces> pieces;
  for (std::span<iovec> rest = left(pieces); !rest.empty(); rest = left(pieces)) {
    const Transfer transfer = state_->send(rest);
    if (transfer.progress == Progress::failed) {
      failure_ = state_->broken("Cannot send to");
      return true;
    }
    if (transfer.progress != Progress::done) {
      wanted_ = transfer.progress;
      return false;
    }
    sent_ += transfer.size;
    if (transfer.size == size_of(rest)) return true;  // as nearly always
  }
  return true;
}

/// What has not been sent, for the kernel.
std::span<iovec> SocketWrite::left(std::array<iovec, kMaxPieces>& pieces) const {
  std::size_t skipped = sent_;
  std::size_t count = 0;
  const auto add = [&](std::string_view piece) {
    const std::size_t gone = std::min(skipped, piece.size());
    skipped -= gone;
    piece.remove_prefix(gone);
    if (!piece.empty()) pieces[count++] = {const_cast<char*>(piece.data()), piece.size()};
  };
  add(first_);
  for (const std::string_view piece : rest_) add(piece);
  return {pieces.data(), count};
}

void SocketWrite::wait() {
  is_waiting_ = true;
  state_->writing = this;
  (wanted_ == Progress::wait_readable ? state_->reader : state_->writer) = this;
}

void SocketWrite::withdraw() {
  if (is_put_off_) Loop::current().forget(*this);
  is_put_off_ = false;
  if (!is_waiting_) return;
  is_waiting_ = false;
  state_->write_deadline.cancel();
  state_->writing = nullptr;
  if (state_->reader == this) state_->reader = nullptr;
  if (state_->writer == this) state_->writer = nullptr;
}

std::coroutine_handle<> SocketWrite::on_ready(Waiter& waiter) noexcept {
  auto& self = static_cast<SocketWrite&>(waiter);
  self.is_put_off_ = false;
  if (!self.advance()) {
    self.wait();
    if (self.timeout_.count() > 0) self.state_->write_deadline.arm(self.timeout_);
    return std::noop_coroutine();
  }
  self.withdraw();
  return self.waiter_->done(*self.waiter_);
}

void SocketWrite::expire() {
  failure_ = state_->timed_out("The other side does not read.");
  withdraw();
  waiter_->done(*waiter_).resume();
}

}  // namespace detail

Socket::Socket(int fd, Peer peer)
    : state_(std::make_unique<detail::SocketState>(fd, peer).release()) {
  Loop::current().watch(*state_);
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void Socket::write_now(std::string_view bytes) {
  const iovec piece{const_cast<char*>(bytes.data()), bytes.size()};
  state_->send(std::span<const iovec>(&piece, 1));
}

void Socket::on_peer_closed(Trigger& trigger) {
  Watch& watch = *state_;
  if (watch.is_peer_closed) {
    // Seen already: tell it from the loop, as every trigger is.
    trigger.fire();
    return;
  }
  watch.peer_closed_context = &trigger;
  watch.on_peer_closed = [](void* context) { static_cast<Trigger*>(context)->fire(); };
}

void Socket::forget_peer_closed() { state_->on_peer_closed = nullptr; }

bool Socket::is_stale() {
  Watch& watch = *state_;
  if (watch.is_peer_closed) return true;
  if (!watch.is_readable) return false;
  // Readable does not mean dead: a TLS 1.3 server sends session tickets after the handshake.
  if (state_->tls) return state_->tls->has_unexpected_data();
  char byte = 0;
  const ssize_t got = recv(watch.fd, &byte, 1, MSG_PEEK);
  if (got >= 0 || (errno != EAGAIN && errno != EINTR)) return true;
  watch.is_readable = false;
  return false;
}

void Socket::set_tls(std::unique_ptr<TlsSession> session) { state_->tls = std::move(session); }

namespace {

Task<Socket> connect_without_timeout(Address address) {
  const int fd = ::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) {
    co_return fail(gateway_error(ErrorCode::overloaded,
                                 std::string("Cannot open a socket: ") + std::strerror(errno)));
  }
  Socket socket(fd, Peer::upstream);
  int status = ::connect(fd, address.raw(), address.length) == 0 ? 0 : errno;
  if (status == EINPROGRESS) {
    co_await Readiness(socket.watch(), Readiness::Kind::writable);
    socklen_t length = sizeof status;
    getsockopt(fd, SOL_SOCKET, SO_ERROR, &status, &length);
  }
  if (status != 0) {
    co_return fail(
        upstream_error(ErrorCode::upstream_connection,
                       "Cannot connect to " + address.text() + ": " + std::strerror(status) + "."));
  }
  co_return std::move(socket);
}

}  // namespace

Task<Socket> connect(Address address, Timeout timeout) {
  if (timeout.count() == 0) co_return co_await connect_without_timeout(address);
  Timer timer(timeout);
  co_return co_await until(connect_without_timeout(address), timer.trigger(),
                           upstream_error(ErrorCode::upstream_connection,
                                          "No connection to " + address.text() + " within " +
                                              std::to_string(timeout.count()) + " ms."));
}

}  // namespace gatehouse::async
