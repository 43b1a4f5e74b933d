#include "base/secret.h"

namespace gatehouse {

Secret::~Secret() {
  // volatile, so that the compiler cannot leave the dead stores out.
  for (volatile char& c : value_) c = '\0';
}

std::string Secret::masked() const {
  constexpr std::size_t kShown = 4;
  constexpr std::size_t kLongEnough = 16;
  if (value_.size() < kLongEnough) return "****";
  return "****" + value_.substr(value_.size() - kShown);
}

}  // namespace gatehouse
