#include "http/server.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "async/until.h"
#include "http/connection.h"

namespace gatehouse::http {

struct Server::Listener {
  std::unique_ptr<async::Watch> watch;
  SSL_CTX* tls = nullptr;
};

Server::Server(async::Loop& loop, Handler& handler, ServerLimits limits)
    : loop_(loop), handler_(handler), limits_(limits) {}

Server::~Server() {
  for (auto& listener : listeners_) {
    if (listener->watch) loop_.close(std::move(listener->watch));
  }
}

namespace {

std::unexpected<Failure> cannot_listen(const async::Address& address) {
  return fail(gateway_error(ErrorCode::internal, "Cannot listen on " + address.text() + ": " +
                                                     std::strerror(errno) + "."));
}

}  // namespace

Result<void> check_free(const async::Address& address) {
  const int fd = ::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return cannot_listen(address);
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (address.family() == AF_INET6) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  Result<void> free;
  if (::bind(fd, address.raw(), address.length) != 0) free = cannot_listen(address);
  ::close(fd);
  return free;
}

Result<async::Address> Server::listen(const async::Address& address, SSL_CTX* tls) {
  const int fd = ::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return cannot_listen(address);
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  if (address.family() == AF_INET6) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  constexpr int kBacklog = 4096;
  if (::bind(fd, address.raw(), address.length) != 0 || ::listen(fd, kBacklog) != 0) {
    auto failure = cannot_listen(address);
    ::close(fd);
    return failure;
  }
  auto watch = std::make_unique<async::Watch>(fd);
  loop_.watch(*watch);
  listeners_.push_back(std::make_unique<Listener>(Listener{std::move(watch), tls}));
  loop_.spawn(accept_all(*listeners_.back()));
  return async::local_address(fd);
}

// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<void> Server::accept_all(Listener& listener) {
  while (!is_draining_) {
    co_await async::Readiness(*listener.watch, async::Readiness::Kind::readable);
    if (is_draining_) co_return;
    async::Address peer;
    peer.length = sizeof peer.storage;
    const int fd = accept4(listener.watch->fd, reinterpret_cast<sockaddr*>(&peer.storage),
                           &peer.length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
      take_connection(fd, peer, listener.tls);
    } else if (errno == EAGAIN) {
      listener.watch->is_readable = false;
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      // No descriptors left: those who wait stay in the kernel's queue until some are free.
      co_await async::sleep_for(Timeout{50});
    }
  }
}

namespace {

// Owns the connection beside the task that serves it: the task goes first.
Task<void> run_connection(std::unique_ptr<Connection> connection, SSL_CTX* tls) {
  // How it ended has been said already: to the client if it was there, in the record if not.
  Result<void> ended = co_await as_result(connection->serve(tls));
}

}  // namespace

void Server::take_connection(int fd, const async::Address& peer, SSL_CTX* tls) {
  async::Socket socket(fd, async::Peer::client);
  if (connections_ >= limits_.max_connections) {
    socket.write_now(
        "HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\ncontent-length: 0\r\nconnection: "
        "close\r\n\r\n");
    return;
  }
  loop_.spawn(run_connection(std::make_unique<Connection>(*this, std::move(socket), peer), tls));
}

void Server::trim() {
  for (Connection* each = first_; each != nullptr; each = each->next) each->trim();
}

void Server::drain() {
  is_draining_ = true;
  for (auto& listener : listeners_) {
    async::wake(listener->watch->reader);
    loop_.close(std::move(listener->watch));
  }
  for (Connection* each = first_; each != nullptr; each = each->next) each->drain();
}

void Server::cut() {
  // Firing ends connections, which leave the list at the end of the turn.
  for (Connection* each = first_; each != nullptr; each = each->next) each->cut();
}

}  // namespace gatehouse::http
