// Who asks: what the gateway key of a request stands for.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>

namespace gatehouse::exchange {

/// What a key may do. Written `completions.write` in stores, configs and error messages.
enum class Scope : std::uint8_t {
  completions_write,  // every data-plane route
  logs_list,          // GET /v1/logs
  logs_view,          // GET /v1/logs/:id, bodies included
  admin,              // the admin routes
};

class ScopeSet {
 public:
  constexpr ScopeSet() = default;
  constexpr ScopeSet(std::initializer_list<Scope> scopes) {
    for (const Scope scope : scopes) add(scope);
  }
  static constexpr ScopeSet all() {
    return {Scope::completions_write, Scope::logs_list, Scope::logs_view, Scope::admin};
  }

  constexpr void add(Scope scope) { bits_ |= bit(scope); }
  constexpr bool has(Scope scope) const { return (bits_ & bit(scope)) != 0; }
  constexpr bool is_empty() const { return bits_ == 0; }

  friend constexpr bool operator==(ScopeSet, ScopeSet) = default;

 private:
  static constexpr std::uint32_t bit(Scope scope) {
    return std::uint32_t{1} << static_cast<unsigned>(scope);
  }
  std::uint32_t bits_ = 0;
};

/// Set by auth/authenticate.cc, read by everyone after it.
struct Principal {
  std::string key_id;  // empty: nobody showed a key, and the gateway lets that pass
  std::string key_name;
  ScopeSet scopes;

  bool is_anonymous() const { return key_id.empty(); }
};

}  // namespace gatehouse::exchange
