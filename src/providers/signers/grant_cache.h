// Grants that were bought before, so that a token is fetched once an hour and not once a request.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "providers/signers/signer.h"

namespace gatehouse::providers {

/// One a loop: not thread-safe. Bounded: when it is full, what expires first goes.
class GrantCache {
 public:
  explicit GrantCache(std::size_t most = 1024) : most_(most) {}

  /// The grant if it can still be used, or nullptr. Valid until the next keep().
  const Grant* find(std::string_view id, WallTime now) const;
  /// Whether it is time to buy another while this one still works: in its last five minutes.
  static bool is_due(const Grant& grant, WallTime now);
  void keep(std::string id, Grant grant);

 private:
  std::size_t most_;
  std::map<std::string, Grant, std::less<>> grants_;
};

}  // namespace gatehouse::providers
