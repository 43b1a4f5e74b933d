#include "auth/key_cache.h"

#include <functional>
#include <string>

#include "base/text.h"

namespace gatehouse::auth {

const GatewayKey* KeyCache::find(const KeyRing& ring, std::string_view text) {
  if (text.empty()) return nullptr;
  if (text.size() > kLongestText) return ring.find(hash_key(text));
  if (generation_ != ring.generation()) {
    slots_.fill({});
    generation_ = ring.generation();
  }
  Slot& slot = slots_[std::hash<std::string_view>{}(text) % kSlots];
  if (!equals_in_constant_time(slot.text.reveal(), text)) {
    slot = {Secret(std::string(text)), ring.find(hash_key(text))};
  }
  return slot.key;
}

}  // namespace gatehouse::auth
