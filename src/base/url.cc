#include "base/url.h"

#include <array>
#include <charconv>
#include <string_view>

namespace gatehouse {

std::string Url::authority() const {
  constexpr std::size_t kLongestPort = 5;
  std::array<char, kLongestPort> digits;
  const auto [last, ignored] = std::to_chars(digits.begin(), digits.end(), port);
  const bool is_v6 = host.contains(':');
  std::string out;
  out.reserve(host.size() + std::string_view("[]:").size() + kLongestPort);
  if (is_v6) out += '[';
  out += host;
  if (is_v6) out += ']';
  if (port != default_port(scheme)) out.append(":").append(digits.begin(), last);
  return out;
}

std::string Url::text() const { return (is_tls() ? "https://" : "http://") + authority() + target; }

}  // namespace gatehouse
