#include "auth/first_key.h"

#include <algorithm>
#include <utility>

namespace gatehouse::auth {
namespace {

KeyTerms first_terms() {
  return {"first key", exchange::ScopeSet::all(), std::nullopt, KeySource::first};
}

FirstKey::Outcome existing(const std::vector<GatewayKey>& keys,
                           const std::optional<Secret>& from_env) {
  if (!from_env) return FirstKey::Outcome::existed;
  const bool is_known =
      std::ranges::any_of(keys, [hash = hash_key(from_env->reveal())](const GatewayKey& key) {
        return key.hash == hash && !key.revoked;
      });
  return is_known ? FirstKey::Outcome::existed : FirstKey::Outcome::existed_env_other;
}

Result<FirstKey> adopt(KeyStore& store, const Secret& text, WallTime now) {
  Result<GatewayKey> key = adopt_key(text, first_terms(), now);
  if (!key) {
    key.error()->message = "GATEHOUSE_ADMIN_KEY cannot be used. " + key.error()->message;
    return fail(std::move(key.error()));
  }
  if (Result<void> added = store.add(*key); !added) return fail(std::move(added.error()));
  return FirstKey{FirstKey::Outcome::from_environment, std::nullopt};
}

}  // namespace

Result<FirstKey> ensure_first_key(KeyStore& store, const std::optional<Secret>& from_env,
                                  const Clock& clock) {
  const Result<std::vector<GatewayKey>> keys = store.list();
  if (!keys) return fail(keys.error());
  if (!keys->empty()) return FirstKey{existing(*keys, from_env), std::nullopt};
  if (from_env) return adopt(store, *from_env, clock.wall());
  Result<NewKey> made = make_key(first_terms(), clock.wall());
  if (!made) return fail(std::move(made.error()));
  if (Result<void> added = store.add(made->key); !added) return fail(std::move(added.error()));
  return FirstKey{FirstKey::Outcome::generated, std::move(made->text)};
}

}  // namespace gatehouse::auth
