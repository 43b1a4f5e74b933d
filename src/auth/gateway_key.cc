#include "auth/gateway_key.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace gatehouse::auth {
namespace {

using exchange::Scope;
using exchange::ScopeSet;

constexpr std::string_view kBase62 =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kKeyPrefix = "gh-";
constexpr std::size_t kKeyCharacters = 40;
constexpr std::string_view kIdPrefix = "key_";
constexpr std::size_t kIdCharacters = 11;  // so that an id fits into a string without allocation
constexpr std::size_t kHintCharacters = 4;

constexpr std::array<std::pair<Scope, std::string_view>, 4> kScopes = {{
    {Scope::completions_write, "completions.write"},
    {Scope::logs_list, "logs.list"},
    {Scope::logs_view, "logs.view"},
    {Scope::admin, "admin"},
}};

constexpr std::array<std::string_view, 3> kSources = {"config", "created", "first"};

/// Uniform: bytes at or above the largest multiple of 62 are thrown away.
Result<std::string> random_base62(std::size_t length) {
  constexpr unsigned kFair = 256 / 62 * 62;
  std::string out;
  while (out.size() < length) {
    std::array<unsigned char, 64> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
      return fail(gateway_error(ErrorCode::internal,
                                "The system gave no random bytes, so no key can be made."));
    }
    for (const unsigned char byte : bytes) {
      if (byte < kFair && out.size() < length) out += kBase62[byte % kBase62.size()];
    }
    OPENSSL_cleanse(bytes.data(), bytes.size());
  }
  return out;
}

bool is_header_text(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

/// A hint must not give away much of a short key.
std::string hint_of(std::string_view text) {
  constexpr std::size_t kLongEnough = 16;
  return std::string(text.size() < kLongEnough ? "" : text.substr(text.size() - kHintCharacters));
}

}  // namespace

std::string_view name_of(KeySource source) { return kSources[static_cast<std::size_t>(source)]; }

std::optional<KeySource> key_source_named(std::string_view name) {
  for (std::size_t i = 0; i < kSources.size(); ++i) {
    if (kSources[i] == name) return static_cast<KeySource>(i);
  }
  return std::nullopt;
}

KeyHash hash_key(std::string_view text) {
  KeyHash hash{};
  unsigned length = 0;
  EVP_Digest(text.data(), text.size(), hash.data(), &length, EVP_sha256(), nullptr);
  return hash;
}

bool looks_like_gateway_key(std::string_view text) {
  return text.size() == kKeyPrefix.size() + kKeyCharacters && text.starts_with(kKeyPrefix) &&
         text.find_first_not_of(kBase62, kKeyPrefix.size()) == std::string_view::npos;
}

Result<NewKey> make_key(KeyTerms terms, WallTime now) {
  Result<std::string> characters = random_base62(kKeyCharacters);
  if (!characters) return fail(std::move(characters.error()));
  Secret text(std::string(kKeyPrefix) + *characters);
  OPENSSL_cleanse(characters->data(), characters->size());
  Result<GatewayKey> key = adopt_key(text, std::move(terms), now);
  if (!key) return fail(std::move(key.error()));
  return NewKey{std::move(text), std::move(*key)};
}

Result<GatewayKey> adopt_key(const Secret& text, KeyTerms terms, WallTime now) {
  if (!is_header_text(text.reveal())) {
    return fail(gateway_error(ErrorCode::invalid_config,
                              "The gateway key '" + terms.name +
                                  "' is empty or has characters that cannot stand in a header. Use "
                                  "printable ASCII without spaces."));
  }
  Result<std::string> id = random_base62(kIdCharacters);
  if (!id) return fail(std::move(id.error()));
  GatewayKey key;
  key.id = std::string(kIdPrefix) + *id;
  key.name = std::move(terms.name);
  key.hash = hash_key(text.reveal());
  key.hint = hint_of(text.reveal());
  key.scopes = terms.scopes;
  key.created = now;
  key.expires = terms.expires;
  key.source = terms.source;
  return key;
}

std::string_view name_of(Scope scope) {
  return std::ranges::find(kScopes, scope, &std::pair<Scope, std::string_view>::first)->second;
}

std::optional<Scope> scope_named(std::string_view name) {
  const auto found = std::ranges::find(kScopes, name, &std::pair<Scope, std::string_view>::second);
  if (found == kScopes.end()) return std::nullopt;
  return found->first;
}

std::string format_scopes(ScopeSet scopes) {
  std::string out;
  for (const auto& [scope, name] : kScopes) {
    if (!scopes.has(scope)) continue;
    if (!out.empty()) out += ',';
    out += name;
  }
  return out;
}

ScopeSet parse_scopes(std::string_view text) {
  ScopeSet scopes;
  for (const std::string_view name : split_list(text)) {
    if (const std::optional<Scope> scope = scope_named(name)) scopes.add(*scope);
  }
  return scopes;
}

std::string all_scope_names() { return format_scopes(ScopeSet::all()); }

}  // namespace gatehouse::auth
