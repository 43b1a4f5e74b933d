// A TCP connection, plain or TLS, read and written by awaiting.
#pragma once

#include <sys/uio.h>

#include <array>
#include <chrono>
#include <memory>
#include <span>
#include <string_view>

#include "async/address.h"
#include "async/block.h"
#include "async/deadline.h"
#include "async/loop.h"
#include "async/task.h"
#include "async/until.h"

namespace gatehouse::async {

class TlsSession;

/// Who is at the other end: it decides which Error a failure becomes.
enum class Peer : std::uint8_t { client, upstream };

/// When a write goes out. `together`: at the end of the events that the loop has at hand, with what
/// these send. The other ends are then woken once for many messages instead of once for each, which
/// saves more than all of the loop's own work on them.
enum class Sending : std::uint8_t { at_once, together };

/// 0 = no timeout.
using Timeout = std::chrono::milliseconds;

namespace detail {

enum class Progress : std::uint8_t { done, wait_readable, wait_writable, failed };

struct Transfer {
  Progress progress = Progress::done;
  std::size_t size = 0;  // 0 with `done` on a read: the other end has closed
};

class SocketRead;
class SocketWrite;

/// Address-stable part of a Socket: the loop, operations and deadlines point here.
struct SocketState final : Watch {
  /// Ends one: the descriptor at once, the rest at the end of the loop's turn.
  struct Close {
    void operator()(SocketState* state) const;
  };
  SocketState(int descriptor, Peer role);
  ~SocketState() override;

  bool may_receive() const;
  Transfer receive(std::span<char> into);            // plain or TLS
  Transfer send(std::span<const iovec> pieces);      // plain or TLS
  Transfer receive_raw(std::span<char> into);        // one recv at most
  Transfer send_raw(std::span<const iovec> pieces);  // one sendmsg at most
  Error broken(std::string_view what) const;
  Error timed_out(std::string_view what) const;

  Peer peer;
  std::unique_ptr<TlsSession> tls;
  SocketRead* reading = nullptr;
  SocketWrite* writing = nullptr;
  Deadline read_deadline;
  Deadline write_deadline;
};

/// One read, or with an empty span the wait for one. Registered with the watch only while it waits.
class SocketRead : private Waiter {
 public:
  SocketRead(SocketState& state, std::span<char> into, Timeout timeout)
      : Waiter(&on_ready), state_(&state), into_(into), timeout_(timeout) {}
  SocketRead(SocketState& state, Block& block, std::size_t filled, Timeout timeout,
             std::size_t most)
      : Waiter(&on_ready),
        state_(&state),
        block_(&block),
        filled_(filled),
        most_(most),
        timeout_(timeout) {}
  SocketRead(SocketRead&& other) noexcept = default;  // only before start()
  ~SocketRead() { withdraw(); }
  bool start(Waiter& waiter);
  Result<std::size_t> take() {
    if (failure_) return fail(std::move(*failure_));
    return size_;
  }
  Error* failure() { return failure_ ? &*failure_ : nullptr; }
  std::size_t value() { return size_; }
  void expire();

 private:
  static std::coroutine_handle<> on_ready(Waiter& waiter) noexcept;
  bool advance();  // true: there is an outcome
  bool fill();
  bool settle(const Transfer& transfer);
  void wait();
  void withdraw();

  SocketState* state_;
  std::span<char> into_;
  Block* block_ = nullptr;  // instead of into_
  std::size_t filled_ = 0;
  std::size_t most_ = 0;
  Timeout timeout_;
  Waiter* waiter_ = nullptr;
  bool is_waiting_ = false;
  Progress wanted_ = Progress::wait_readable;
  std::size_t size_ = 0;
  Boxed<Error> failure_;
};

inline constexpr std::size_t kMaxPieces = 16;

/// One write of everything.
class SocketWrite : private Waiter {
 public:
  SocketWrite(SocketState& state, std::span<const std::string_view> pieces, Timeout timeout)
      : SocketWrite(state, {}, pieces, timeout) {}
  SocketWrite(SocketState& state, std::string_view first, std::span<const std::string_view> rest,
              Timeout timeout, Sending sending = Sending::at_once)
      : Waiter(&on_ready),
        state_(&state),
        first_(first),
        rest_(rest),
        timeout_(timeout),
        sending_(sending) {}
  SocketWrite(SocketWrite&& other) noexcept = default;  // only before start()
  ~SocketWrite() { withdraw(); }
  bool start(Waiter& waiter);
  Result<void> take() {
    if (failure_) return fail(std::move(*failure_));
    return {};
  }
  Error* failure() { return failure_ ? &*failure_ : nullptr; }
  void value() {}
  void expire();

 private:
  static std::coroutine_handle<> on_ready(Waiter& waiter) noexcept;
  bool advance();
  std::span<iovec> left(std::array<iovec, kMaxPieces>& pieces) const;
  void wait();
  void withdraw();

  SocketState* state_;
  std::string_view first_;
  std::span<const std::string_view> rest_;
  std::size_t sent_ = 0;  // bytes of all of them
  Timeout timeout_;
  Sending sending_ = Sending::at_once;
  Waiter* waiter_ = nullptr;
  bool is_put_off_ = false;  // until the loop has looked at its events
  bool is_waiting_ = false;
  Progress wanted_ = Progress::wait_writable;
  Boxed<Error> failure_;
};

}  // namespace detail

/// Move-only owner of a connection; closing is destroying. Belongs to one loop.
/// One read and one write may be under way at a time.
class Socket {
 public:
  Socket() = default;
  /// Takes over a connected, non-blocking descriptor and registers it with the current loop.
  Socket(int fd, Peer peer);

  bool is_open() const { return state_ != nullptr; }
  void close() { state_.reset(); }

  /// Reads what there is, at least one byte; 0 is the end. Error: client_gone or upstream_cut,
  /// request_timeout when `timeout` passes without a byte.
  detail::SocketRead read(std::span<char> into, Timeout timeout = {}) {
    return {*state_, into, timeout};
  }
  /// Reads what there is, at most so much of it, into the block behind its first `filled` bytes,
  /// where there must be room. With nothing in it the block is taken when there is something to
  /// read: who waits holds none. Else as read().
  detail::SocketRead fill(Block& block, std::size_t filled, Timeout timeout, std::size_t most) {
    return {*state_, block, filled, timeout, most};
  }
  /// As much as the block has room for.
  detail::SocketRead fill(Block& block, std::size_t filled, Timeout timeout = {}) {
    return fill(block, filled, timeout, kBlockSize - filled);
  }
  /// Waits until read() may give something, without holding a buffer meanwhile.
  detail::SocketRead readable(Timeout timeout = {}) { return {*state_, {}, timeout}; }
  /// Sends all pieces, in one system call when the kernel takes them. At most kMaxPieces; the bytes
  /// and the pieces must stay until it is done. The timeout is for standing still, not for the
  /// whole.
  detail::SocketWrite write(std::span<const std::string_view> pieces, Timeout timeout = {}) {
    return {*state_, pieces, timeout};
  }
  /// The same with one piece more, in front of the others.
  detail::SocketWrite write(std::string_view first, std::span<const std::string_view> rest,
                            Timeout timeout = {}, Sending sending = Sending::at_once) {
    return {*state_, first, rest, timeout, sending};
  }
  /// Sends what fits now and does not wait; for last words before closing.
  void write_now(std::string_view bytes);

  /// Fires `trigger` when the other end closes or resets, also while nobody reads. One at a time.
  void on_peer_closed(Trigger& trigger);
  void forget_peer_closed();
  bool is_peer_closed() const { return state_->is_peer_closed; }
  /// An idle connection that was closed, or that sends without being asked, is of no more use.
  bool is_stale();

  Watch& watch() { return *state_; }
  detail::SocketState& state() { return *state_; }
  void set_tls(std::unique_ptr<TlsSession> session);

 private:
  std::unique_ptr<detail::SocketState, detail::SocketState::Close> state_;
};

/// Waits until the descriptor is readable (or writable), without transferring anything.
class Readiness {
 public:
  enum class Kind : std::uint8_t { readable, writable };
  Readiness(Watch& watch, Kind kind) : watch_(&watch), kind_(kind) {}
  Readiness(Readiness&& other) noexcept
      : watch_(other.watch_), kind_(other.kind_), waiter_(std::exchange(other.waiter_, nullptr)) {}
  ~Readiness() {
    if (waiter_ != nullptr && slot() == waiter_) slot() = nullptr;
  }
  bool start(Waiter& waiter) {
    if (kind_ == Kind::readable ? watch_->is_readable : watch_->is_writable) return false;
    slot() = waiter_ = &waiter;
    return true;
  }
  Result<void> take() { return {}; }

 private:
  Waiter*& slot() { return kind_ == Kind::readable ? watch_->reader : watch_->writer; }
  Watch* watch_;
  Kind kind_;
  Waiter* waiter_ = nullptr;
};

/// Fires a trigger once when the descriptor has something to read. Nobody else may read meanwhile.
class ReadableTrigger : private Waiter {
 public:
  explicit ReadableTrigger(Watch& watch) : Waiter(&came), watch_(watch) {
    if (watch_.is_readable) {
      trigger_.fire();
    } else {
      watch_.reader = this;
    }
  }
  ReadableTrigger(const ReadableTrigger&) = delete;
  ReadableTrigger& operator=(const ReadableTrigger&) = delete;
  ~ReadableTrigger() {
    if (watch_.reader == this) watch_.reader = nullptr;
  }
  Trigger& trigger() { return trigger_; }

 private:
  static std::coroutine_handle<> came(Waiter& waiter) noexcept {
    static_cast<ReadableTrigger&>(waiter).trigger_.fire();
    return std::noop_coroutine();
  }
  Watch& watch_;
  Trigger trigger_;
};

/// Connects to one address. Error: upstream_connection.
Task<Socket> connect(Address address, Timeout timeout);

}  // namespace gatehouse::async
