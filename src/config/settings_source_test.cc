#include "config/settings_source.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace gatehouse::config {
namespace {

class SettingsSourceTest : public testing::Test {
 protected:
  SettingsSourceTest()
      : file_(std::filesystem::path(testing::TempDir()) /
              (std::string(testing::UnitTest::GetInstance()->current_test_info()->name()) +
               ".yaml")) {
    origin_.file = file_;
    origin_.environment = [this] { return ReadEnvironment{Environment(variables_), {}}; };
  }
  ~SettingsSourceTest() override { std::filesystem::remove(file_); }

  void write(std::string_view text) const { std::ofstream(file_) << text; }
  SettingsSource opened() const { return {origin_, load_configuration(origin_).value()}; }

  std::filesystem::path file_;
  Environment::Values variables_;
  SettingsOrigin origin_;
};

TEST_F(SettingsSourceTest, RefusesABadFileAtTheStart) {
  write("server: {threads: x}\n");
  const auto first = load_configuration(origin_);
  ASSERT_FALSE(first);
  EXPECT_EQ(first.error().size(), 1U);
}

TEST_F(SettingsSourceTest, TakesANewFileOnReload) {
  write("metrics: true\n");
  SettingsSource source = opened();
  const auto before = source.current();
  write("metrics: false\nvirtual_keys: {a: {provider: openai, api_key: \"${K}\"}}\n");
  variables_["K"] = "sk-new";
  const Reloaded reloaded = source.reload();
  EXPECT_TRUE(reloaded.is_applied());
  EXPECT_TRUE(reloaded.needs_restart.empty());
  EXPECT_FALSE(source.current()->settings->metrics);
  EXPECT_EQ(source.current()->settings->virtual_keys.at("a").api_key.reveal(), "sk-new");
  EXPECT_EQ(source.current()->environment->find("K"), "sk-new");
  EXPECT_EQ(source.generation(), 1U);
  EXPECT_TRUE(before->settings->metrics) << "who still holds the old snapshot keeps it whole";
}

TEST_F(SettingsSourceTest, KeepsTheOldSettingsWhenTheNewFileIsBad) {
  write("metrics: false\n");
  SettingsSource source = opened();
  for (const std::string_view bad : {"metrics: perhaps\n", "server: [\n"}) {
    write(bad);
    const Reloaded reloaded = source.reload();
    EXPECT_FALSE(reloaded.is_applied());
    EXPECT_EQ(reloaded.problems.size(), 1U);
  }
  std::filesystem::remove(file_);
  EXPECT_FALSE(source.reload().is_applied());
  EXPECT_FALSE(source.current()->settings->metrics);
  EXPECT_EQ(source.generation(), 0U);
}

TEST_F(SettingsSourceTest, NamesWhatWaitsForARestartAndKeepsItsOldValue) {
  write("server: {listen: 0.0.0.0:1, threads: 1, max_headers: 10}\n");
  SettingsSource source = opened();
  write(
      "server:\n  listen: 127.0.0.1:1\n  threads: 2\n  max_headers: 20\n"
      "  tls: {cert_file: /dev/null, key_file: /dev/null}\ndata_dir: elsewhere\n"
      "upstream: {ca_file: /dev/null}\n");
  const Reloaded reloaded = source.reload();
  EXPECT_TRUE(reloaded.is_applied());
  EXPECT_EQ(reloaded.needs_restart,
            (std::vector<std::string>{"data_dir", "server.listen", "server.threads", "server.tls",
                                      "upstream.ca_file"}));
  const Settings& settings = *source.current()->settings;
  EXPECT_EQ(settings.server.listen.front().text(), "0.0.0.0:1");
  EXPECT_EQ(settings.server.threads, 1U);
  EXPECT_EQ(settings.server.max_headers, 20U);
  EXPECT_FALSE(trusted_hosts_of(settings).trusts("127.0.0.1"))
      << "the listener is still open to the network";
}

TEST_F(SettingsSourceTest, LaysTheCommandLineOverEveryLoad) {
  origin_.adjust = [](Settings& settings) { settings.log_level = LogLevel::debug; };
  write("log_level: error\n");
  SettingsSource source = opened();
  EXPECT_EQ(source.current()->settings->log_level, LogLevel::debug);
  EXPECT_TRUE(source.reload().is_applied());
  EXPECT_EQ(source.current()->settings->log_level, LogLevel::debug);
}

TEST_F(SettingsSourceTest, LetsOthersJudgeTheSettings) {
  origin_.check = [](const Settings& settings) {
    std::vector<Problem> problems;
    for (const auto& [slug, entry] : settings.virtual_keys) {
      if (entry.provider != "openai") problems.push_back({"f", entry.place, "unknown", ""});
    }
    return problems;
  };
  write("virtual_keys:\n  a: {provider: openai}\n");
  SettingsSource source = opened();
  write("virtual_keys:\n  a: {provider: opnai}\n");
  const Reloaded reloaded = source.reload();
  ASSERT_EQ(reloaded.problems.size(), 1U);
  EXPECT_EQ(reloaded.problems[0].place.line, 2);
}

}  // namespace
}  // namespace gatehouse::config
