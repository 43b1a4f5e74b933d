#include "main/commands/check_providers.h"

#include "gateway/snapshot.h"

namespace gatehouse::commands {
namespace {

std::string joined(const std::vector<std::string_view>& names) {
  std::string text;
  for (const std::string_view name : names) {
    if (!text.empty()) text += ", ";
    text += name;
  }
  return text;
}

}  // namespace

std::vector<config::Problem> check_providers(const config::Settings& settings) {
  std::vector<config::Problem> problems;
  const config::Configuration configuration{std::make_shared<const config::Settings>(settings),
                                            std::make_shared<const config::Environment>(),
                                            {}};
  const auto snapshot = gateway::make_snapshot(configuration, {});
  if (!snapshot) {
    problems.push_back({settings.file, {}, snapshot.error()->message, {}});
    return problems;
  }
  const providers::ProviderTable& table = (*snapshot)->providers;
  for (const auto& [slug, entry] : settings.virtual_keys) {
    if (table.find(entry.provider) != nullptr) continue;
    const std::string near = joined(table.near_names(entry.provider));
    problems.push_back({settings.file, entry.place,
                        "virtual_keys." + slug + ".provider: there is no provider '" +
                            entry.provider + "'" +
                            (near.empty() ? "" : "; did you mean " + near + "?"),
                        "a known provider, or one of your own under `providers`"});
  }
  return problems;
}

}  // namespace gatehouse::commands
