#include "providers/model_family.h"

namespace gatehouse::providers {
namespace {

bool holds(std::string_view text, std::string_view part) {
  return part.empty() || text.find(part) != std::string_view::npos;
}

}  // namespace

const ModelFamily* family_of(const ProviderRow& row, const FamilyQuery& query) {
  for (const ModelFamily& family : row.families) {
    if (family.covers.has(query.capability) && holds(query.model, family.model_holds) &&
        holds(query.base, family.base_holds)) {
      return &family;
    }
  }
  return nullptr;
}

std::string model_within(const ModelFamily& family, std::string_view model) {
  if (model.starts_with(family.cut)) model.remove_prefix(family.cut.size());
  return std::string(family.put) + std::string(model);
}

}  // namespace gatehouse::providers
