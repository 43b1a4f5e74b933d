// gatehouse config check | show: the configuration, judged and shown without starting anything.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "config/settings_source.h"

namespace gatehouse::commands {

/// What a command says, and the exit code that goes with it.
struct Outcome {
  std::string out;
  std::string err;
  int exit_code = 0;
};

/// The problems and 1, or a summary with secrets masked and 0.
Outcome check_config(const config::SettingsOrigin& origin);
/// All settings in effect as YAML with secrets masked; the problems and 1 if there are any.
Outcome show_config(const config::SettingsOrigin& origin);

/// Registers both. `check` is SettingsOrigin::check; `exit_code` is set when one of them has run.
/// Both arguments are used while `app` parses: `exit_code` must outlive it.
void add_config_command(CLI::App& app,
                        std::function<std::vector<config::Problem>(const config::Settings&)> check,
                        int& exit_code);

}  // namespace gatehouse::commands
