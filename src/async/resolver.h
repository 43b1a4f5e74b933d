// Names to addresses without ever blocking a loop: getaddrinfo on threads of its own, so that
// /etc/hosts, nsswitch and search domains mean what they mean everywhere else.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "async/address.h"
#include "async/background.h"
#include "async/task.h"

namespace gatehouse::async {

/// Shared by all loops; thread-safe.
class Resolver {
 public:
  Resolver() = default;
  /// Before the loops that wait for it are destroyed.
  void stop() { threads_.stop(); }

  /// The addresses of `host`, in the order in which they should be tried. Literal addresses are
  /// answered at once; names from a cache for kFresh. Error: upstream_connection.
  /// Cancellation: the look-up goes on, its answer is dropped.
  Task<std::vector<Address>> resolve(std::string host, std::uint16_t port);

 private:
  struct Fresh {
    std::vector<Address> addresses;
    MonotonicTime until;
  };
  std::optional<std::vector<Address>> cached(const std::string& host, MonotonicTime now);
  void remember(const std::string& host, std::vector<Address> addresses, MonotonicTime now);

  std::mutex mutex_;
  std::map<std::string, Fresh> cache_;
  Background threads_{2};
};

}  // namespace gatehouse::async
