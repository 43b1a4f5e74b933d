#include "config/formats.h"

#include <algorithm>
#include <fstream>
#include <span>

#include "config/trusted_hosts.h"
#include "config/url.h"

namespace gatehouse::config {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};

// A value is shown in the last unit of its table that divides it; decimal sizes are only ever read.
constexpr Unit kBinaryUnits[] = {
    {"KiB", 1ULL << 10U}, {"MiB", 1ULL << 20U}, {"GiB", 1ULL << 30U}, {"TiB", 1ULL << 40U}};
constexpr Unit kDecimalUnits[] = {{"", 1},
                                  {"B", 1},
                                  {"KB", 1'000},
                                  {"MB", 1'000'000},
                                  {"GB", 1'000'000'000},
                                  {"TB", 1'000'000'000'000}};
constexpr Unit kTimeUnits[] = {
    {"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}};

// "64" and "KiB" of "64KiB" or "64 KiB".
struct Quantity {
  std::uint64_t number;
  std::string_view unit;
};

std::optional<Quantity> parse_quantity(std::string_view text) {
  const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = parse_number<std::uint64_t>(text.substr(0, end));
  if (!number) return std::nullopt;
  return Quantity{*number, trimmed(text.substr(end))};
}

std::optional<std::uint64_t> multiplied(std::uint64_t number, std::uint64_t factor) {
  std::uint64_t product = 0;
  if (__builtin_mul_overflow(number, factor, &product)) return std::nullopt;
  // Nobody means more, and sums of two such values still fit.
  constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max() / 4;
  return product <= kMost ? std::optional(product) : std::nullopt;
}

std::optional<std::uint64_t> factor_of(std::string_view name, std::span<const Unit> units) {
  for (const Unit& unit : units) {
    if (equals_ignoring_case(unit.name, name)) return unit.factor;
  }
  return std::nullopt;
}

std::string show_quantity(std::uint64_t value, std::span<const Unit> units) {
  std::string_view name;
  std::uint64_t factor = 1;
  for (const Unit& unit : units) {
    if (value == 0 || value % unit.factor != 0) continue;
    name = unit.name;
    factor = unit.factor;
  }
  return std::to_string(value / factor).append(name);
}

bool is_token_char(char c) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";  // RFC 9110 section 5.6.2
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         kMarks.find(c) != std::string_view::npos;
}

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_token_char);
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) == 0x7f;
  });
}

// "https://{resource}.example.com" with the braces gone, so that the rest can be judged as a URL.
std::string without_braces(std::string_view text) {
  std::string out(text);
  std::erase_if(out, [](char c) { return c == '{' || c == '}'; });
  return out;
}

constexpr std::string_view kHexDigits = "0123456789abcdef";

std::optional<std::uint8_t> parse_hex_byte(char high, char low) {
  const std::size_t first = kHexDigits.find(ascii_lower(high));
  const std::size_t second = kHexDigits.find(ascii_lower(low));
  if (first == std::string_view::npos || second == std::string_view::npos) return std::nullopt;
  return static_cast<std::uint8_t>(first * 16 + second);
}

}  // namespace

std::optional<std::string> TextFormat::parse(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional<std::string>(text);
}

std::optional<std::string> HeaderNameFormat::parse(std::string_view text) {
  return is_token(text) ? std::optional(lowered(text)) : std::nullopt;
}

std::optional<Secret> SecretFormat::parse(std::string_view text) {
  // A line break would let the secret end the header line in which it is sent.
  if (has_control(text)) return std::nullopt;
  return Secret(std::string(text));
}

std::optional<bool> SwitchFormat::parse(std::string_view text) {
  if (text == "true") return true;
  return text == "false" ? std::optional(false) : std::nullopt;
}

std::optional<double> FractionFormat::parse(std::string_view text) {
  const std::optional<double> value = parse_number<double>(text);
  return value && *value >= 0 && *value <= 1 ? value : std::nullopt;
}

std::string FractionFormat::show(double value) {
  char digits[32];
  return {digits, std::to_chars(digits, digits + sizeof digits, value).ptr};
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  const std::optional<Quantity> quantity = parse_quantity(text);
  if (!quantity) return std::nullopt;
  std::optional<std::uint64_t> factor = factor_of(quantity->unit, kBinaryUnits);
  if (!factor) factor = factor_of(quantity->unit, kDecimalUnits);
  return factor ? multiplied(quantity->number, *factor) : std::nullopt;
}

std::string show_size(std::uint64_t bytes) { return show_quantity(bytes, kBinaryUnits); }

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  const std::optional<Quantity> quantity = parse_quantity(text);
  if (!quantity) return std::nullopt;
  if (quantity->number == 0 && quantity->unit.empty()) return std::chrono::milliseconds(0);
  for (const Unit& unit : kTimeUnits) {
    if (unit.name != quantity->unit) continue;
    const auto millis = multiplied(quantity->number, unit.factor);
    // Deadlines are kept in nanoseconds: ten years is far below their end.
    constexpr std::uint64_t kMost = 3650ULL * 86'400'000ULL;
    if (!millis || *millis > kMost) return std::nullopt;
    return std::chrono::milliseconds(*millis);
  }
  return std::nullopt;
}

std::string show_duration(std::chrono::milliseconds value) {
  return show_quantity(static_cast<std::uint64_t>(value.count()), kTimeUnits);
}

std::optional<ListenAddress> ListenFormat::parse(std::string_view text) {
  Result<ListenAddress> address = parse_listen_address(text);
  return address ? std::optional(std::move(*address)) : std::nullopt;
}

std::optional<std::string> TrustedHostFormat::parse(std::string_view text) {
  return is_trusted_host_entry(text) ? std::optional<std::string>(text) : std::nullopt;
}

std::optional<std::string> FileFormat::parse(std::string_view text) {
  std::string path(text);
  if (path.empty()) return path;
  std::ifstream file(path, std::ios::binary);
  // A folder opens too; only reading shows the difference.
  return file && (file.peek(), !file.bad()) ? std::optional(std::move(path)) : std::nullopt;
}

std::optional<std::string> BaseUrlFormat::parse(std::string_view text) {
  if (!parse_base_url(without_braces(text))) return std::nullopt;
  while (text.ends_with('/')) text.remove_suffix(1);
  return std::string(text);
}

std::optional<std::string> AuthTemplateFormat::parse(std::string_view text) {
  if (text == "none") return std::string(text);
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || !is_token(trimmed(text.substr(0, colon)))) {
    return std::nullopt;
  }
  const bool holds_key = text.find("{key}", colon) != std::string_view::npos;
  return holds_key && !has_control(text) ? std::optional<std::string>(text) : std::nullopt;
}

std::optional<std::optional<Sha256>> Sha256Format::parse(std::string_view text) {
  if (text.starts_with("sha256:")) text.remove_prefix(7);
  Sha256 hash{};
  if (text.size() != 2 * hash.size()) return std::nullopt;
  for (std::size_t i = 0; i < hash.size(); ++i) {
    const std::optional<std::uint8_t> byte = parse_hex_byte(text[2 * i], text[2 * i + 1]);
    if (!byte) return std::nullopt;
    hash[i] = *byte;
  }
  return hash;
}

std::string Sha256Format::show(const std::optional<Sha256>& value) {
  if (!value) return {};
  std::string out = "sha256:";
  for (const std::uint8_t byte : *value) {
    out += kHexDigits[byte >> 4U];
    out += kHexDigits[byte & 15U];
  }
  return out;
}

}  // namespace gatehouse::config
