#include "async/resolver.h"

#include <netdb.h>

#include <cstring>

namespace gatehouse::async {
namespace {

constexpr std::size_t kMaxCached = 1024;
constexpr std::chrono::seconds kFresh{30};

using Answer = Result<std::vector<Address>>;

Answer look_up(const std::string& host) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  const int status = getaddrinfo(host.c_str(), nullptr, &hints, &found);
  if (status != 0) {
    return fail(upstream_error(ErrorCode::upstream_connection,
                               "Cannot resolve '" + host + "': " + gai_strerror(status) + "."));
  }
  std::vector<Address> addresses;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    Address address;
    std::memcpy(&address.storage, each->ai_addr, each->ai_addrlen);
    address.length = each->ai_addrlen;
    addresses.push_back(address);
  }
  freeaddrinfo(found);
  return addresses;
}

void set_port(std::vector<Address>& addresses, std::uint16_t port) {
  for (Address& address : addresses) {
    // sin_port and sin6_port stand at the same place.
    reinterpret_cast<sockaddr_in&>(address.storage).sin_port = htons(port);
  }
}

}  // namespace

std::optional<std::vector<Address>> Resolver::cached(const std::string& host, MonotonicTime now) {
  const std::lock_guard lock(mutex_);
  const auto found = cache_.find(host);
  if (found == cache_.end() || found->second.until < now) return std::nullopt;
  return found->second.addresses;
}

void Resolver::remember(const std::string& host, std::vector<Address> addresses,
                        MonotonicTime now) {
  const std::lock_guard lock(mutex_);
  if (cache_.size() >= kMaxCached) cache_.clear();
  cache_[host] = {std::move(addresses), now + kFresh};
}

Task<std::vector<Address>> Resolver::resolve(std::string host, std::uint16_t port) {
  if (std::optional<Address> literal = parse_ip(host, port)) {
    co_return std::vector<Address>{*literal};
  }
  const MonotonicTime now = Loop::current().now();
  std::optional<std::vector<Address>> addresses = cached(host, now);
  if (!addresses) {
    std::move_only_function<Answer()> work = [host] { return look_up(host); };
    addresses = co_await run_in<std::vector<Address>>(threads_, std::move(work));
    remember(host, *addresses, now);
  }
  set_port(*addresses, port);
  co_return std::move(*addresses);
}

}  // namespace gatehouse::async
