// Keep-alive connections to upstreams, one pool a loop: no lock, last used first.
#pragma once

#include <openssl/types.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "async/loop.h"
#include "async/resolver.h"
#include "async/socket.h"
#include "http/body.h"

namespace gatehouse::http {

/// May this address be called? Asked for each resolved address at connect time, so that a name
/// cannot change its mind between the check and the call (DNS rebinding). Must be thread-safe.
class AddressPolicy {
 public:
  virtual ~AddressPolicy() = default;
  virtual bool allows(const async::Address& address, std::string_view host) const = 0;
};

/// Where to connect. The policy, if any, must outlive the acquire().
struct Endpoint {
  std::string host;
  std::uint16_t port = 443;
  bool is_tls = true;
  const AddressPolicy* policy = nullptr;
};

/// The order of endpoints whose connections are not interchangeable. One call reaches only
/// connections that were checked for it: those made under a policy stand apart.
struct SharesConnections {
  static auto key(const Endpoint& endpoint) {
    return std::tuple(endpoint.port, endpoint.is_tls, endpoint.policy != nullptr,
                      std::string_view(endpoint.host));
  }
  bool operator()(const Endpoint& a, const Endpoint& b) const { return key(a) < key(b); }
};

struct PoolLimits {
  Timeout connect_timeout{5'000};  // for TCP, and again for TLS
  Timeout keepalive_idle{50'000};  // below the 60 s after which many servers close
  std::size_t max_idle_per_host = 128;
};

class Pool;
struct PooledConnection;
/// The idle connections to one endpoint, last used last. It stays where it is as long as its pool.
using Shelf = std::vector<std::unique_ptr<PooledConnection>>;

/// One connection while a call uses it. Destroying it closes the connection, which cancels the
/// call; an answer that is read to its end gives it back (PooledConnection::body_ended).
using Lease = std::unique_ptr<PooledConnection>;

class Pool {
 public:
  enum class Freshness : std::uint8_t { any, fresh_only };

  /// `tls` is the client context; both outlive the pool.
  Pool(async::Resolver& resolver, SSL_CTX* tls, PoolLimits limits);
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  /// An idle connection or a new one. Error: upstream_connection, custom_host_blocked.
  Task<Lease> acquire(Endpoint endpoint, Freshness freshness);
  /// An idle connection, at once, or nullptr.
  Lease take_idle(const Endpoint& endpoint);
  std::size_t idle() const { return idle_count_; }
  void set_limits(PoolLimits limits) { limits_ = limits; }
  /// Closes every idle connection.
  void clear();

 private:
  friend struct PooledConnection;

  void keep(Lease connection);
  void evict(PooledConnection& idle);
  Task<async::Socket> connect(Endpoint endpoint);

  async::Resolver& resolver_;
  SSL_CTX* tls_;
  PoolLimits limits_;
  std::map<Endpoint, Shelf, SharesConnections> shelves_;
  std::size_t idle_count_ = 0;
};

}  // namespace gatehouse::http
