#include "http/pool.h"

#include <algorithm>

#include "async/tls.h"
#include "base/url.h"
#include "http/pooled_connection.h"

namespace gatehouse::http {

void PooledConnection::rest() {
  is_reused = true;
  head = ResponseHead();  // the next answer has its memory while it is in the caches
  socket.watch().peer_closed_context = this;
  socket.watch().on_peer_closed = &leave;
  deadline.arm(pool.limits_.keepalive_idle);
}

void PooledConnection::rise() {
  socket.forget_peer_closed();
  deadline.cancel();
}

void PooledConnection::leave(void* context) {
  auto* idle = static_cast<PooledConnection*>(context);
  idle->pool.evict(*idle);
}

void PooledConnection::body_ended(std::unique_ptr<BodyOwner> self) {
  Lease lease(static_cast<PooledConnection*>(self.release()));
  // Bytes beyond the answer mean that the two ends have lost step: such a connection is not kept.
  if (head.is_keep_alive && body.surplus.empty()) pool.keep(std::move(lease));
}

Pool::Pool(async::Resolver& resolver, SSL_CTX* tls, PoolLimits limits)
    : resolver_(resolver), tls_(tls), limits_(limits) {}

Pool::~Pool() = default;

void Pool::clear() {
  for (auto& [endpoint, shelf] : shelves_) shelf.clear();  // leases point to them
  idle_count_ = 0;
}

void Pool::keep(Lease connection) {
  Shelf& shelf = connection->shelf;
  if (connection->socket.is_peer_closed() || shelf.size() >= limits_.max_idle_per_host) return;
  connection->rest();
  shelf.push_back(std::move(connection));
  ++idle_count_;
}

Lease Pool::take_idle(const Endpoint& endpoint) {
  const auto found = shelves_.find(endpoint);
  if (found == shelves_.end()) return nullptr;
  Shelf& shelf = found->second;
  while (!shelf.empty()) {
    Lease connection = std::move(shelf.back());
    shelf.pop_back();
    --idle_count_;
    connection->rise();
    if (!connection->socket.is_stale()) return connection;
  }
  return nullptr;
}

void Pool::evict(PooledConnection& idle) {
  Shelf& shelf = idle.shelf;
  const auto found = std::ranges::find_if(
      shelf, [&](const std::unique_ptr<PooledConnection>& each) { return each.get() == &idle; });
  if (found == shelf.end()) return;
  --idle_count_;
  shelf.erase(found);
}

Task<Lease> Pool::acquire(Endpoint endpoint, Freshness freshness) {
  if (freshness == Freshness::any) {
    if (Lease idle = take_idle(endpoint)) co_return std::move(idle);
  }
  Shelf& shelf = shelves_[endpoint];
  std::string authority;
  const Scheme scheme = endpoint.is_tls ? Scheme::https : Scheme::http;
  append_authority(authority, endpoint.host, endpoint.port, scheme);
  async::Socket socket = co_await connect(std::move(endpoint));
  co_return std::make_unique<PooledConnection>(*this, shelf, std::move(socket),
                                               std::move(authority));
}

Task<async::Socket> Pool::connect(Endpoint endpoint) {
  std::vector<async::Address> addresses = co_await resolver_.resolve(endpoint.host, endpoint.port);
  Error last = upstream_error(ErrorCode::upstream_connection,
                              "'" + endpoint.host + "' has no address to connect to.");
  for (const async::Address& address : addresses) {
    if (endpoint.policy != nullptr && !endpoint.policy->allows(address, endpoint.host)) {
      last =
          client_error(ErrorCode::custom_host_blocked,
                       "The host '" + endpoint.host + "' leads to " + address.ip_text() +
                           ", which is not a public address. TRUSTED_CUSTOM_HOSTS lists hosts that "
                           "may be called all the same.");
      continue;
    }
    Result<async::Socket> socket =
        co_await as_result(async::connect(address, limits_.connect_timeout));
    if (!socket) {
      last = std::move(*socket.error());
      continue;
    }
    if (!endpoint.is_tls) co_return std::move(*socket);
    Result<void> secured = co_await as_result(
        async::start_tls(*socket, *tls_, endpoint.host, limits_.connect_timeout));
    if (secured) co_return std::move(*socket);
    last = std::move(*secured.error());
    last.message = "Cannot talk to '" + endpoint.host + "': " + last.message;
  }
  co_return fail(std::move(last));
}

}  // namespace gatehouse::http
