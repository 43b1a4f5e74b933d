// The program: one command each in commands/.
#include <CLI/CLI.hpp>

#include "main/commands/check_providers.h"
#include "main/commands/config.h"
#include "main/commands/keys.h"
#include "main/commands/logs.h"
#include "main/commands/serve.h"

int main(int argc, char** argv) {
  CLI::App app{
      "Gatehouse: an AI gateway. One API to many providers, with keys, records and costs in one "
      "place."};
  app.set_version_flag("--version", "gatehouse " GATEHOUSE_VERSION);
  app.require_subcommand(1);
  int exit_code = 0;
  gatehouse::commands::add_serve_command(app, exit_code);
  gatehouse::commands::add_keys_command(app, exit_code);
  gatehouse::commands::add_logs_command(app, exit_code);
  gatehouse::commands::add_config_command(app, &gatehouse::commands::check_providers, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  }
  return exit_code;
}
