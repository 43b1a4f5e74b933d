// What of a provider's credential has a field of its own: the parts of an AWS key, a service
// account. Plain data that the providers write down and the credentials read.
#pragma once

#include <cstdint>
#include <string_view>

namespace gatehouse::exchange {

/// Who may say an option, and what saying it means.
enum class OptionKind : std::uint8_t {
  whole,      // a credential, or the part that tells that there is one
  part,       // belongs to a `whole` and comes from where that came from
  operators,  // decides where secrets are sent: a client never says it
  open,       // no secret: the request says it, else the environment
};

/// `option` is the request header without x-portkey-; `variable` the environment's name for it,
/// empty if it has none.
struct CredentialOption {
  std::string_view option;
  std::string_view variable;
  OptionKind kind = OptionKind::part;
};

}  // namespace gatehouse::exchange
