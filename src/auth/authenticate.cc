#include "auth/authenticate.h"

#include <string>
#include <utility>

#include "base/text.h"

namespace gatehouse::auth {
namespace {

constexpr std::string_view kHowToSend =
    " Send a gateway key as `x-portkey-api-key: gh-...` (or as `Authorization: Bearer gh-...`). "
    "Make one with `gatehouse keys create`.";

std::unexpected<Failure> unauthorized(std::string reason) {
  std::string message = "Unauthorized: " + std::move(reason);
  message += kHowToSend;
  return fail(client_error(ErrorCode::unauthorized, std::move(message)));
}

std::string_view without_bearer(std::string_view value) {
  constexpr std::string_view kBearer = "bearer ";
  value = trimmed(value);
  if (starts_with_ignoring_case(value, kBearer)) value.remove_prefix(kBearer.size());
  return trimmed(value);
}

/// What one field holds.
struct Shown {
  std::string_view field;
  std::string_view text;
  const GatewayKey* key = nullptr;  // if it is known
  bool is_ours = false;             // a gateway key, or an attempt at one
};

Shown look_at(KeyLookup keys, std::string_view field, std::string_view text) {
  const GatewayKey* key = keys.cache.find(keys.ring, text);
  return {field, text, key, key != nullptr || looks_like_gateway_key(text)};
}

Result<void> admit(const Shown& shown, WallTime now, exchange::Principal& principal) {
  const auto refuse = [&shown](const std::string& key, std::string_view why) {
    return unauthorized("the gateway key " + key + "in `" + std::string(shown.field) + "` " +
                        std::string(why) + ".");
  };
  if (shown.key == nullptr) return refuse("", "is not known here");
  const GatewayKey& key = *shown.key;
  if (key.revoked) return refuse("'" + key.name + "' ", "was revoked");
  if (key.expires && *key.expires <= now) return refuse("'" + key.name + "' ", "has expired");
  principal.key_id = key.id;
  principal.key_name = key.name;
  principal.scopes = key.scopes;
  return {};
}

}  // namespace

Result<Identity> authenticate(KeyLookup keys, const PresentedKeys& presented,
                              const AuthRules& rules, WallTime now,
                              exchange::Principal& principal) {
  Shown gateway{"x-portkey-api-key", without_bearer(presented.portkey_api_key)};
  const Shown authorization =
      look_at(keys, "Authorization", without_bearer(presented.authorization));
  const Shown x_api_key = look_at(keys, "x-api-key", trimmed(presented.x_api_key));

  if (!gateway.text.empty()) {
    gateway = look_at(keys, gateway.field, gateway.text);
  } else if (authorization.is_ours) {
    gateway = authorization;
  } else if (x_api_key.is_ours) {
    gateway = x_api_key;
  }

  if (!gateway.text.empty()) {
    Result<void> admitted = admit(gateway, now, principal);
    if (!admitted) return fail(std::move(admitted.error()));
  } else if (rules.mode == AuthMode::required) {
    return unauthorized("no gateway key was sent.");
  } else {
    principal.scopes = rules.anonymous;
  }
  return Identity{authorization.is_ours, x_api_key.is_ours};
}

Result<void> require_scope(const exchange::Principal& principal, exchange::Scope scope) {
  if (principal.scopes.has(scope)) return {};
  const std::string name(name_of(scope));
  std::string who = principal.is_anonymous() ? "a request without a gateway key"
                                             : "the gateway key '" + principal.key_name + "'";
  return fail(client_error(ErrorCode::forbidden,
                           "This needs the scope `" + name + "`, which " + std::move(who) +
                               " does not have. Make a key with `gatehouse keys create --scopes " +
                               name + "`."));
}

}  // namespace gatehouse::auth
