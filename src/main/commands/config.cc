#include "main/commands/config.h"

#include <cstdio>
#include <memory>
#include <utility>

#include "config/show_settings.h"

namespace gatehouse::commands {
namespace {

Outcome outcome_of(const config::SettingsOrigin& origin,
                   std::string (*describe)(const config::Settings&)) {
  const auto loaded = config::load_configuration(origin);
  if (!loaded) {
    const std::size_t count = loaded.error().size();
    return {"",
            config::format_problems(loaded.error()) + std::to_string(count) +
                (count == 1 ? " problem\n" : " problems\n"),
            1};
  }
  return {describe(*loaded->settings), config::format_problems(loaded->warnings), 0};
}

void print(const Outcome& outcome) {
  std::fputs(outcome.out.c_str(), stdout);
  std::fputs(outcome.err.c_str(), stderr);
}

}  // namespace

Outcome check_config(const config::SettingsOrigin& origin) {
  return outcome_of(origin, &config::summarize_settings);
}

Outcome show_config(const config::SettingsOrigin& origin) {
  return outcome_of(origin, &config::show_settings);
}

void add_config_command(CLI::App& app,
                        std::function<std::vector<config::Problem>(const config::Settings&)> check,
                        int& exit_code) {
  CLI::App* const command = app.add_subcommand("config", "Check or show the configuration");
  command->require_subcommand(1);
  const auto file = std::make_shared<std::string>();
  const auto add = [&](const char* name, const char* about,
                       Outcome (*run)(const config::SettingsOrigin&)) {
    CLI::App* const verb = command->add_subcommand(name, about);
    verb->add_option("--config", *file, "The file; else gatehouse.yaml, if there is one here");
    verb->callback([file, check, run, &exit_code] {
      config::SettingsOrigin origin;
      origin.file = config::find_config_file(
          file->empty() ? std::nullopt : std::optional<std::filesystem::path>(*file));
      origin.check = check;
      const Outcome outcome = run(origin);
      print(outcome);
      exit_code = outcome.exit_code;
    });
  };
  add("check", "Tell what is wrong with it and what is allowed; exit 1 if anything is",
      &check_config);
  add("show", "Print the settings in effect, secrets masked", &show_config);
}

}  // namespace gatehouse::commands
