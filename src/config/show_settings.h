// Settings for people: nothing here ever prints a secret.
#pragma once

#include <string>

#include "config/settings.h"

namespace gatehouse::config {

/// All settings in effect as YAML, in the form of gatehouse.yaml; secrets are masked.
std::string show_settings(const Settings& settings);

/// A few lines: where they come from, what listens, how many keys of which kind.
std::string summarize_settings(const Settings& settings);

}  // namespace gatehouse::config
