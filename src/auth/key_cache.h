// Remembers which key a presented text is, so that a request does not hash it again.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "auth/key_ring.h"
#include "base/secret.h"

namespace gatehouse::auth {

/// One a thread. Holds a bounded number of texts, unknown ones too (provider keys of passthrough
/// requests are seen as often as our own); a text that falls into a taken place replaces the other.
/// Texts are compared in constant time, so timing does not tell how much of a guess was right.
class KeyCache {
 public:
  /// What `ring.find(hash_key(text))` says. The answer lives as long as the ring.
  const GatewayKey* find(const KeyRing& ring, std::string_view text);

 private:
  static constexpr std::size_t kSlots = 256;
  static constexpr std::size_t kLongestText = 256;  // longer ones are hashed each time

  struct Slot {
    Secret text;  // empty: free
    const GatewayKey* key = nullptr;
  };

  std::uint64_t generation_ = 0;
  std::array<Slot, kSlots> slots_;
};

}  // namespace gatehouse::auth
