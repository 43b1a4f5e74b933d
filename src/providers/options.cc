#include "providers/options.h"

#include <algorithm>

namespace gatehouse::providers {
namespace {

struct Exception {
  std::string_view option;
  std::string_view field;
};

constexpr Exception kExceptions[] = {
    {"azure-resource-name", "resource_name"}, {"azure-deployment-id", "deployment_id"},
    {"azure-api-version", "api_version"},     {"azure-extra-params", "azure_extra_parameters"},
    {"provider-file-name", "filename"},
};

}  // namespace

std::string config_field_of(std::string_view option) {
  for (const Exception& exception : kExceptions) {
    if (exception.option == option) return std::string(exception.field);
  }
  std::string field(option);
  std::replace(field.begin(), field.end(), '-', '_');
  return field;
}

std::string option_of_config_field(std::string_view field) {
  for (const Exception& exception : kExceptions) {
    if (exception.field == field) return std::string(exception.option);
  }
  std::string option(field);
  std::replace(option.begin(), option.end(), '_', '-');
  return option;
}

}  // namespace gatehouse::providers
