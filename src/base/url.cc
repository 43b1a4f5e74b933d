#include "base/url.h"

#include <array>
#include <charconv>

namespace gatehouse {

void append_authority(std::string& text, std::string_view host, std::uint16_t port, Scheme scheme) {
  const bool is_v6 = host.contains(':');
  if (is_v6) text += '[';
  text += host;
  if (is_v6) text += ']';
  if (port == default_port(scheme)) return;
  constexpr std::size_t kLongest = std::string_view(":65535").size();
  std::array<char, kLongest> digits{':'};
  char* const end = std::to_chars(digits.data() + 1, digits.data() + digits.size(), port).ptr;
  text.append(digits.data(), end);
}

std::string Url::authority() const {
  std::string text;
  append_authority(text, host, port, scheme);
  return text;
}

std::string Url::text() const { return (is_tls() ? "https://" : "http://") + authority() + target; }

}  // namespace gatehouse
