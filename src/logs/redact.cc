#include "logs/redact.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"
#include "json/key_scan.h"

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
constexpr std::size_t kLongestName = 32;

std::string normalised(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c != '_' && c != '-') out += ascii_lower(c);
  }
  return out;
}

/// Vendor prefixes count: aws_secret_access_key is a secret access key.
bool is_credential_name(std::string_view name) {
  if (name.size() > kLongestName) return false;
  const std::string plain = normalised(name);
  if (std::ranges::binary_search(kCredentialNames, std::string_view(plain))) return true;
  constexpr std::array<std::string_view, 5> kEndings = {"apikey", "secretaccesskey", "sessiontoken",
                                                        "clientsecret", "privatekey"};
  return std::ranges::any_of(kEndings, [&](std::string_view end) { return plain.ends_with(end); });
}

/// The last three characters, which a switch can compare at once.
constexpr unsigned ending_of(std::string_view name) {
  unsigned ending = 0;
  for (const char c : name.substr(name.size() - 3)) {
    ending = ending << 8U | static_cast<unsigned char>(ascii_lower(c));
  }
  return ending;
}

/// How all the names above end: cheap refusals of nearly every field of an ordinary body.
constexpr bool may_end_credential(char last) {
  switch (ascii_lower(last)) {
    case 'd':
    case 'e':
    case 'n':
    case 't':
    case 'y': return true;
    default: return false;
  }
}
constexpr bool may_be_credential(std::string_view name) {
  if (name.size() < 6 || name.size() > kLongestName) return false;
  switch (ending_of(name)) {
    case ending_of("key"):
    case ending_of("ken"):
    case ending_of("ion"):
    case ending_of("ret"):
    case ending_of("ord"):
    case ending_of("swd"):
    case ending_of("kie"): return true;
    default: return false;
  }
}
static_assert(std::ranges::all_of(kCredentialNames, may_be_credential));

/// The end of the JSON string whose content begins at `at`, or of the text.
std::size_t end_of_string(std::string_view text, std::size_t at) {
  while (at < text.size() && text[at] != '"') at += text[at] == '\\' ? 2 : 1;
  return std::min(at, text.size());
}

struct Found {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// The content of the next credential string at or after `at`.
std::optional<Found> next_credential(std::string_view text, std::size_t at) {
  json::KeyScan keys(text.substr(at));
  while (keys.next()) {
    if (!may_end_credential(keys.last())) continue;
    if (const std::string_view name = keys.key();
        !may_be_credential(name) || !is_credential_name(name)) {
      continue;
    }
    const std::string_view value = keys.after();
    if (!value.starts_with('"')) continue;
    const std::size_t begin = text.size() - value.size() + 1;
    return Found{begin, end_of_string(text, begin)};
  }
  return std::nullopt;
}

}  // namespace

std::string masked_secret(std::string_view secret) {
  constexpr std::size_t kLongEnough = 16;
  constexpr std::string_view kStars = "********";
  if (secret.size() < kLongEnough) return std::string(kStars);
  return std::string(secret.substr(0, 2)).append(kStars).append(secret.substr(secret.size() - 3));
}

bool is_credential_header(std::string_view name) { return is_credential_name(name); }

void redact_headers(Pairs& headers, std::span<const std::string_view> sensitive) {
  for (auto& [name, value] : headers) {
    const bool is_named = std::ranges::any_of(
        sensitive, [&](std::string_view other) { return equals_ignoring_case(other, name); });
    if (is_named || is_credential_name(name)) {
      value = masked_secret(value);
    } else {
      redact_body(value);
    }
  }
}

void redact_body(std::string& body) {
  std::optional<Found> found = next_credential(body, 0);
  if (!found) return;
  std::string out;
  std::size_t copied = 0;
  while (found) {
    out.append(body, copied, found->begin - copied);
    out += masked_secret(std::string_view(body).substr(found->begin, found->end - found->begin));
    copied = found->end;
    found = next_credential(body, copied);
  }
  out.append(body, copied);
  body = std::move(out);
}

void redact(LogRecord& record) {
  redact_headers(record.headers);
  redact_body(record.request.text);
  redact_body(record.response.text);
}

}  // namespace gatehouse::logs
