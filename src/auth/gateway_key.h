// A gateway key: what a client shows to be let in. Only its SHA-256 is kept; 238 random bits need
// no slow hash.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"
#include "exchange/principal.h"

namespace gatehouse::auth {

using KeyHash = std::array<std::uint8_t, 32>;

enum class KeySource : std::uint8_t {
  config,   // stands in gatehouse.yaml
  created,  // made by `gatehouse keys create`
  first,    // made at the first start of a data folder
};
std::string_view name_of(KeySource source);
std::optional<KeySource> key_source_named(std::string_view name);

struct GatewayKey {
  std::string id;
  std::string name;
  KeyHash hash{};
  std::string hint;  // the last four characters, so that people can tell keys apart
  exchange::ScopeSet scopes;
  WallTime created{};
  std::optional<WallTime> expires;
  std::optional<WallTime> revoked;
  KeySource source = KeySource::created;
};

KeyHash hash_key(std::string_view text);

/// Whether a text has the shape of a key made here: `gh-` and 40 letters or digits. Such a text is
/// never passed on to a provider, known or not.
bool looks_like_gateway_key(std::string_view text);

/// What the maker of a key decides.
struct KeyTerms {
  std::string name;
  exchange::ScopeSet scopes{exchange::Scope::completions_write, exchange::Scope::logs_list,
                            exchange::Scope::logs_view};
  std::optional<WallTime> expires;
  KeySource source = KeySource::created;
};

struct NewKey {
  Secret text;  // shown once, never stored
  GatewayKey key;
};

/// A new key from the system's entropy. Error: internal, when there is none.
Result<NewKey> make_key(KeyTerms terms, WallTime now);

/// A key whose text was chosen elsewhere: the operator's environment or gatehouse.yaml.
/// Error: invalid_config, when the text cannot be sent in a header (empty, spaces, control or
/// non-ASCII characters) or internal as above.
Result<GatewayKey> adopt_key(const Secret& text, KeyTerms terms, WallTime now);

/// "completions.write" and back.
std::string_view name_of(exchange::Scope scope);
std::optional<exchange::Scope> scope_named(std::string_view name);
/// The names with commas between them, and back; unknown names are left out.
std::string format_scopes(exchange::ScopeSet scopes);
exchange::ScopeSet parse_scopes(std::string_view text);
/// For messages.
std::string all_scope_names();

}  // namespace gatehouse::auth
