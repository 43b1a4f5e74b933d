#include "config/plan/saved_configs.h"

#include <gtest/gtest.h>

#include "config/load_settings.h"
#include "config/show_settings.h"

namespace gatehouse::config {
namespace {

LoadedSettings loaded(std::string_view yaml) {
  return parse_settings(yaml, "gatehouse.yaml", Environment{{"KEY", "sk-secret-12345678"}});
}

TEST(SavedConfigs, KeepTheTypesOfYaml) {
  const LoadedSettings settings = loaded(
      "configs:\n"
      "  pc-a:\n"
      "    provider: openai\n"
      "    api_key: ${KEY}\n"
      "    override_params: {n: 2, t: 0.5, s: '3', b: true, list: [1, x], none: null}\n");
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->configs.at("pc-a").json.reveal(),
            R"({"provider":"openai","api_key":"sk-secret-12345678","override_params":)"
            R"({"n":2,"t":5E-1,"s":"3","b":true,"list":[1,"x"],"none":null}})");
}

TEST(SavedConfigs, ReportProblemsWithThePathWithinTheConfig) {
  const LoadedSettings settings = loaded(
      "configs:\n"
      "  pc-a: {strategy: {mode: fallbak}, targets: [{provider: a, colour: red}]}\n"
      "  'a/b': {provider: openai}\n");
  ASSERT_FALSE(settings);
  std::string all;
  for (const Problem& problem : settings.error()) all += problem.what + "\n";
  EXPECT_NE(all.find("configs.pc-a.strategy.mode must be one of single, fallback"),
            std::string::npos)
      << all;
  EXPECT_NE(all.find("configs.pc-a.targets[0].colour is no key"), std::string::npos) << all;
  EXPECT_NE(all.find("'a/b' is no slug"), std::string::npos) << all;
}

TEST(SavedConfigs, AreNamedByKeysOnlyIfTheyExist) {
  const LoadedSettings settings = loaded("api_keys: [{name: web, key: abc, config: pc-gone}]\n");
  ASSERT_FALSE(settings);
  EXPECT_NE(settings.error()[0].what.find("names the config 'pc-gone'"), std::string::npos);
}

TEST(SavedConfigs, AreShownWithTheirKeysMasked) {
  const LoadedSettings settings = loaded(
      "configs:\n  pc-a:\n    strategy: {mode: single}\n    targets: [{apiKey: '${KEY}'}]\n");
  ASSERT_TRUE(settings);
  const std::string shown = show_settings(*settings);
  EXPECT_EQ(shown.find("sk-secret"), std::string::npos);
  EXPECT_NE(shown.find("pc-a"), std::string::npos);
  EXPECT_NE(shown.find("5678"), std::string::npos) << shown;
}

}  // namespace
}  // namespace gatehouse::config
