// Which of a provider's families a model belongs to.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "providers/provider_row.h"

namespace gatehouse::providers {

struct FamilyQuery {
  Capability capability = Capability::chat;
  std::string_view model;
  std::string_view base;  // the URL that takes the place of the row's; empty if none does
};

/// nullptr: the model is the provider's own, or spoken to as such.
const ModelFamily* family_of(const ProviderRow& row, const FamilyQuery& query);

/// The model's name as it goes upstream.
std::string model_within(const ModelFamily& family, std::string_view model);

}  // namespace gatehouse::providers
