#include "logs/credential_scan.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>

#include "base/bytes16.h"
#include "base/text.h"

namespace gatehouse::logs {
namespace {

// Lower case, without `_` and `-`; sorted.
constexpr std::array<std::string_view, 24> kCredentialNames = {
    "accesskey",      "accesstoken",
    "apikey",         "authorization",
    "authtoken",      "azureadtoken",
    "bearertoken",    "clientsecret",
    "cookie",         "idtoken",
    "passwd",         "password",
    "privatekey",     "proxyauthorization",
    "refreshtoken",   "secretaccesskey",
    "secretkey",      "sessiontoken",
    "setcookie",      "xamzsecuritytoken",
    "xapikey",        "xgoogapikey",
    "xportkeyapikey", "xvaulttoken",
};
static_assert(std::ranges::is_sorted(kCredentialNames));
constexpr std::size_t kShortestName = 6;
constexpr std::size_t kLongestName = 48;

std::string normalised(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c != '_' && c != '-') out += ascii_lower(c);
  }
  return out;
}

using FourBytes = std::array<char, 4>;

/// The four bytes in lower case, as one number that a switch can compare.
constexpr std::uint32_t folded(FourBytes bytes) {
  return std::bit_cast<std::uint32_t>(bytes) | 0x20202020U;
}
constexpr std::uint32_t ending(const char (&text)[5]) {
  return folded({text[0], text[1], text[2], text[3]});
}

/// How all the names above end, with their quote; the last is that of a service account's JSON.
constexpr std::array kNameEndings = {ending("key\""), ending("ken\""), ending("ion\""),
                                     ending("ret\""), ending("ord\""), ending("swd\""),
                                     ending("kie\""), ending("son\"")};

/// One of 64 bits, quickly told.
constexpr std::uint64_t bit_of(std::uint32_t folded_bytes) {
  constexpr std::uint32_t kGoldenRatio = 0x9E3779B1;  // spreads what differs a little
  return std::uint64_t{1} << (folded_bytes * kGoldenRatio >> 26U);
}
constexpr std::uint64_t kBitsOfEndings = [] {
  std::uint64_t bits = 0;
  for (const std::uint32_t one : kNameEndings) bits |= bit_of(one);
  return bits;
}();

constexpr bool may_end_credential(FourBytes bytes) {
  const std::uint32_t one = folded(bytes);
  return (kBitsOfEndings & bit_of(one)) != 0 &&
         std::ranges::find(kNameEndings, one) != kNameEndings.end();
}
static_assert(std::ranges::all_of(kCredentialNames, [](std::string_view name) {
  const std::string_view last = name.substr(name.size() - 3);
  return name.size() >= kShortestName && may_end_credential({last[0], last[1], last[2], '"'});
}));

bool is_blank(char c) { return c <= ' ' && (c == ' ' || c == '\n' || c == '\r' || c == '\t'); }

/// The end of the JSON string whose content begins at `at`, or of the text.
std::size_t end_of_string(std::string_view text, std::size_t at) {
  while (at < text.size() && text[at] != '"') at += text[at] == '\\' ? 2 : 1;
  return std::min(at, text.size());
}

bool is_escaped(std::string_view text, std::size_t at) {
  std::size_t backslashes = 0;
  while (backslashes < at && text[at - 1 - backslashes] == '\\') ++backslashes;
  return backslashes % 2 != 0;
}

/// Whether the quote ends a key that names a credential.
bool ends_credential(std::string_view text, std::size_t quote) {
  if (text[quote] != '"' || is_escaped(text, quote)) return false;
  const std::string_view before = text.substr(0, quote);
  const std::size_t open = before.rfind('"');
  return is_credential_name(open == std::string_view::npos ? before : before.substr(open + 1));
}

/// Whether the name before this place, where a quote should be, ends as one of a credential does.
bool may_be_name(std::string_view text, std::size_t quote) {
  FourBytes last;
  std::memcpy(last.data(), text.data() + quote - 3, last.size());
  if (!may_end_credential(last)) return false;
  const bool is_reason = folded(last) == ending("son\"") && ascii_lower(text[quote - 4]) != 'j';
  return !is_reason;
}

/// Refuses nearly every colon of an ordinary body, in a few instructions. There is room for a name
/// before it.
bool may_be_credential(std::string_view text, std::size_t colon) {
  const char before = text[colon - 1];
  return before == '"' ? may_be_name(text, colon - 1) : is_blank(before);
}

/// The credential to which the colon belongs, if it does to one.
std::optional<Extent> credential_at(std::string_view text, std::size_t colon) {
  std::size_t quote = colon - 1;
  while (quote >= kShortestName && is_blank(text[quote])) --quote;
  if (quote < kShortestName) return std::nullopt;
  if (!may_be_name(text, quote) || !ends_credential(text, quote)) return std::nullopt;

  std::size_t value = colon + 1;
  while (value < text.size() && is_blank(text[value])) ++value;
  if (value == text.size() || text[value] != '"') return std::nullopt;
  return Extent{value + 1, end_of_string(text, value + 1)};
}

constexpr std::size_t kBlock = 64;

/// Marks the colons among the 64 bytes.
std::uint64_t colons_of(const char* block) {
  const auto colons = [block](std::size_t at) {
    return std::uint64_t{Bytes16::at(block + at).equal(':').top_bits()};
  };
  return colons(0) | colons(16) << 16U | colons(32) << 32U | colons(48) << 48U;
}

/// Marks the colons among the next 64 bytes of the text, or those that are left of it.
std::uint64_t colons_from(std::string_view text, std::size_t from) {
  const std::size_t left = text.size() - from;
  if (left >= kBlock) return colons_of(text.data() + from);
  if (text.size() >= kBlock)
    return colons_of(text.data() + text.size() - kBlock) >> (kBlock - left);
  std::array<char, kBlock> copy{};
  text.copy(copy.data(), kBlock, from);
  return colons_of(copy.data());
}

}  // namespace

/// Vendor prefixes count: aws_secret_access_key is a secret access key.
bool is_credential_name(std::string_view name) {
  if (name.size() > kLongestName) return false;
  const std::string plain = normalised(name);
  if (std::ranges::binary_search(kCredentialNames, std::string_view(plain))) return true;
  constexpr std::array<std::string_view, 7> kEndings = {
      "apikey",     "secretaccesskey", "sessiontoken",      "clientsecret",
      "privatekey", "azureadtoken",    "serviceaccountjson"};
  return std::ranges::any_of(kEndings, [&](std::string_view end) { return plain.ends_with(end); });
}

std::optional<Extent> next_credential(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at);
  std::size_t from = kShortestName;
  while (from < rest.size()) {
    const std::size_t block = from;
    std::uint64_t colons = colons_from(rest, block);
    // Prose has none for long, JSON has many: each is read in the way that is quicker there.
    from = colons == 0 ? rest.find(':', block + kBlock) : block + kBlock;
    for (; colons != 0; colons &= colons - 1) {
      const std::size_t colon = block + static_cast<std::size_t>(std::countr_zero(colons));
      if (!may_be_credential(rest, colon)) continue;
      const std::optional<Extent> found = credential_at(rest, colon);
      if (found) return Extent{at + found->begin, at + found->end};
    }
  }
  return std::nullopt;
}

}  // namespace gatehouse::logs
