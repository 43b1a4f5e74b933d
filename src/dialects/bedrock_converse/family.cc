#include "dialects/bedrock_converse/family.h"

#include <algorithm>
#include <array>

namespace gatehouse::dialects::bedrock_converse {
namespace {

constexpr std::array<std::string_view, 7> kRegions = {"us.", "eu.", "apac.",  "au.",
                                                      "ca.", "jp.", "global."};
struct Name {
  std::string_view name;
  Family family;
};
constexpr std::array kNames = {
    Name{"amazon", Family::amazon},   Name{"anthropic", Family::anthropic},
    Name{"ai21", Family::ai21},       Name{"cohere", Family::cohere},
    Name{"mistral", Family::mistral}, Name{"openai", Family::openai},
};

}  // namespace

Family family_of(std::string_view model) {
  model = model.substr(model.rfind('/') + 1);  // npos + 1 is 0
  for (const std::string_view region : kRegions) {
    if (model.starts_with(region)) model.remove_prefix(region.size());
  }
  const auto found = std::ranges::find(kNames, model.substr(0, model.find('.')), &Name::name);
  return found == kNames.end() ? Family::other : found->family;
}

}  // namespace gatehouse::dialects::bedrock_converse
