#include "gateway/target_options.h"

#include <algorithm>

#include "base/text.h"
#include "providers/signers/signer.h"

namespace gatehouse::gateway {

using exchange::CredentialOption;
using exchange::OptionKind;

namespace {

/// "resource_name" in a config is "azure-resource-name" in a field (wire spec 2.2).
bool is_same_option(std::string_view option, std::string_view name) {
  constexpr std::string_view kOwnPrefix = "azure-";
  if (option.size() + kOwnPrefix.size() == name.size() && name.starts_with(kOwnPrefix)) {
    name.remove_prefix(kOwnPrefix.size());
  }
  return std::ranges::equal(option, name,
                            [](char a, char b) { return a == b || (a == '_' && b == '-'); });
}

}  // namespace

std::string_view HeaderOptions::find(std::string_view name) const {
  if (leaf_ != nullptr) {
    for (const auto& [option, value] : leaf_->options) {
      if (is_same_option(option, name)) return value;
    }
  }
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
