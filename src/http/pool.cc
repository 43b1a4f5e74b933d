#include "http/pool.h"

#include <algorithm>

#include "async/tls.h"

namespace gatehouse::http {

/// A connection nobody uses. It leaves by itself when the other end closes it or its time is up.
struct IdleConnection {
  IdleConnection(Pool& owner, Shelf& on, async::Socket open)
      : pool(owner), shelf(on), socket(std::move(open)), deadline(&leave, this) {
    socket.watch().peer_closed_context = this;
    socket.watch().on_peer_closed = &leave;
    deadline.arm(pool.limits_.keepalive_idle);
  }
  IdleConnection(const IdleConnection&) = delete;
  IdleConnection& operator=(const IdleConnection&) = delete;
  static void leave(void* context) {
    auto* idle = static_cast<IdleConnection*>(context);
    idle->pool.evict(*idle);
  }

  Pool& pool;
  Shelf& shelf;
  async::Socket socket;
  async::Deadline deadline;
};

void Lease::give_back() {
  if (pool_ != nullptr && socket_.is_open()) pool_->keep(*shelf_, std::move(socket_));
  pool_ = nullptr;
}

Pool::Pool(async::Resolver& resolver, SSL_CTX* tls, PoolLimits limits)
    : resolver_(resolver), tls_(tls), limits_(limits) {}

Pool::~Pool() = default;

void Pool::clear() {
  for (auto& [endpoint, shelf] : shelves_) shelf.clear();  // leases point to them
  idle_count_ = 0;
}

void Pool::keep(Shelf& shelf, async::Socket socket) {
  if (socket.is_peer_closed()) return;
  if (shelf.size() >= limits_.max_idle_per_host) return;
  shelf.push_back(std::make_unique<IdleConnection>(*this, shelf, std::move(socket)));
  ++idle_count_;
}

std::optional<Lease> Pool::take_idle(const Endpoint& endpoint) {
  const auto found = shelves_.find(endpoint);
  if (found == shelves_.end()) return std::nullopt;
  Shelf& shelf = found->second;
  while (!shelf.empty()) {
    async::Socket socket = std::move(shelf.back()->socket);
    shelf.pop_back();
    --idle_count_;
    socket.forget_peer_closed();
    if (!socket.is_stale()) return Lease(*this, shelf, std::move(socket), true);
  }
  return std::nullopt;
}

void Pool::evict(IdleConnection& idle) {
  Shelf& shelf = idle.shelf;
  const auto found = std::ranges::find_if(
      shelf, [&](const std::unique_ptr<IdleConnection>& each) { return each.get() == &idle; });
  if (found == shelf.end()) return;
  --idle_count_;
  shelf.erase(found);
}

Task<Lease> Pool::acquire(Endpoint endpoint, Freshness freshness) {
  if (freshness == Freshness::any) {
    if (std::optional<Lease> idle = take_idle(endpoint)) co_return std::move(*idle);
  }
  Shelf& shelf = shelves_[endpoint];
  async::Socket socket = co_await connect(std::move(endpoint));
  co_return Lease(*this, shelf, std::move(socket), false);
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
      last = std::move(socket.error());
      continue;
    }
    if (!endpoint.is_tls) co_return std::move(*socket);
    Result<void> secured = co_await as_result(
        async::start_tls(*socket, *tls_, endpoint.host, limits_.connect_timeout));
    if (secured) co_return std::move(*socket);
    last = std::move(secured.error());
    last.message = "Cannot talk to '" + endpoint.host + "': " + last.message;
  }
  co_return fail(std::move(last));
}

}  // namespace gatehouse::http
