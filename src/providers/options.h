// What a request says about a provider beyond its name: an Azure resource, an AWS region, an
// account. Names are those of the request headers without the prefix: `azure-resource-name` is the
// header x-portkey-azure-resource-name.
#pragma once

#include <string>
#include <string_view>

namespace gatehouse::providers {

/// Where options come from: request headers, or the fields of a config's target.
class Options {
 public:
  virtual ~Options() = default;
  /// Empty if the request does not say. The text lives as long as the request.
  virtual std::string_view find(std::string_view name) const = 0;
};

/// A request that says nothing.
class NoOptions final : public Options {
 public:
  std::string_view find(std::string_view) const override { return {}; }
};

/// The name of an option in a JSON config: snake case, with the few exceptions that Portkey's
/// configs have ("azure-resource-name" is `resource_name`).
std::string config_field_of(std::string_view option);
/// The way back.
std::string option_of_config_field(std::string_view field);

}  // namespace gatehouse::providers
