#include "gateway/target_options.h"

#include "base/text.h"
#include "providers/signers/signer.h"

namespace gatehouse::gateway {

using exchange::CredentialOption;
using exchange::OptionKind;

std::string_view HeaderOptions::find(std::string_view name) const {
  constexpr std::string_view kPrefix = "x-portkey-";
  for (const http::Field& field : fields_) {
    if (field.name.size() == kPrefix.size() + name.size() && is_gateway_field(field.name) &&
        equals_ignoring_case(field.name.substr(kPrefix.size()), name)) {
      return field.value;
    }
  }
  // A few of them may also come under their own name (anthropic-version, openai-beta).
  return fields_.get(name);
}

std::string_view StoredOptions::find(std::string_view name) const {
  for (const auto& [option, value] : fields_) {
    if (option == name) return value.reveal();
  }
  return {};
}

std::string_view TargetOptions::find(std::string_view name) const {
  if (const std::string_view stored = stored_.find(name); !stored.empty()) return stored;
  for (const CredentialOption& option : providers::credential_options(row_.signer)) {
    if (option.option != name) continue;
    if (option.kind == OptionKind::whole || option.kind == OptionKind::part) return {};
    const std::string_view said =
        option.kind == OptionKind::open ? header_.find(name) : std::string_view();
    if (!said.empty() || option.variable.empty()) return said;
    return snapshot_.environment().find(option.variable).value_or(std::string_view());
  }
  return header_.find(name);
}

}  // namespace gatehouse::gateway
