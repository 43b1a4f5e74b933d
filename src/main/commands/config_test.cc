#include "main/commands/config.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace gatehouse::commands {
namespace {

class ConfigCommand : public testing::Test {
 protected:
  ConfigCommand()
      : file_(std::filesystem::path(testing::TempDir()) /
              (std::string(testing::UnitTest::GetInstance()->current_test_info()->name()) +
               "_command.yaml")) {
    origin_.file = file_;
    origin_.environment = [] {
      return config::ReadEnvironment{config::Environment{{"KEY", "sk-0123456789abcdef"}},
                                     {{".env", {2, 1}, "odd line", ""}}};
    };
  }
  ~ConfigCommand() override { std::filesystem::remove(file_); }

  void write(std::string_view text) const { std::ofstream(file_) << text; }

  std::filesystem::path file_;
  config::SettingsOrigin origin_;
};

TEST_F(ConfigCommand, SumsUpAGoodFileWithSecretsMasked) {
  write("virtual_keys: {a: {provider: openai, api_key: \"${KEY}\"}}\n");
  const Outcome outcome = check_config(origin_);
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_NE(outcome.out.find(": OK\n"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("@a: openai, key ****cdef"), std::string::npos) << outcome.out;
  EXPECT_EQ(outcome.err, ".env:2:1: odd line\n");
}

TEST_F(ConfigCommand, TellsEveryProblemAndExitsWithOne) {
  write("server:\n  lisen: 1\n  threads: x\n");
  for (const Outcome& outcome : {check_config(origin_), show_config(origin_)}) {
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_TRUE(outcome.out.empty());
    EXPECT_NE(outcome.err.find("yaml:2:3: unknown key 'lisen'"), std::string::npos) << outcome.err;
    EXPECT_NE(outcome.err.find("yaml:3:12: 'x' is no value"), std::string::npos) << outcome.err;
  }
}

TEST_F(ConfigCommand, ShowsEverySettingInEffectWithSecretsMasked) {
  write("api_keys: [{name: ci, key: \"${KEY}\"}]\n");
  const Outcome outcome = show_config(origin_);
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_NE(outcome.out.find("max_body_bytes: 64MiB"), std::string::npos) << outcome.out;
  EXPECT_EQ(outcome.out.find("0123456789"), std::string::npos) << outcome.out;
}

TEST_F(ConfigCommand, AsksTheProgramAboutWhatTheFileCannotTell) {
  write("metrics: true\n");
  origin_.check = [](const config::Settings& settings) {
    return std::vector<config::Problem>{{settings.file, {1, 1}, "not like this", ""}};
  };
  EXPECT_EQ(check_config(origin_).exit_code, 1);
}

TEST_F(ConfigCommand, IsASubcommandThatTakesTheFile) {
  write("server: {threads: x}\n");
  CLI::App app;
  int exit_code = -1;
  add_config_command(app, {}, exit_code);
  app.parse("config check --config " + file_.string());
  EXPECT_EQ(exit_code, 1);
}

}  // namespace
}  // namespace gatehouse::commands
