// The part of a configuration's check that needs to know the providers.
#pragma once

#include <vector>

#include "config/problem.h"
#include "config/settings.h"

namespace gatehouse::commands {

/// For SettingsOrigin::check: names of providers that do not exist, rows that cannot be made.
std::vector<config::Problem> check_providers(const config::Settings& settings);

}  // namespace gatehouse::commands
