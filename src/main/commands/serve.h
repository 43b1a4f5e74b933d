// gatehouse serve: start, reload, drain, stop.
#pragma once

#include <CLI/CLI.hpp>

namespace gatehouse::commands {

/// Registers the command. `exit_code` is set when it has run, and must outlive `app`.
void add_serve_command(CLI::App& app, int& exit_code);

}  // namespace gatehouse::commands
