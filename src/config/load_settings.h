// gatehouse.yaml and the environment to Settings.
#pragma once

#include <expected>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/environment.h"
#include "config/problem.h"
#include "config/settings.h"
#include "config/trusted_hosts.h"

namespace gatehouse::config {

inline constexpr std::string_view kDefaultConfigFile = "gatehouse.yaml";

/// The settings, or every problem found: never both, never none.
using LoadedSettings = std::expected<Settings, std::vector<Problem>>;

/// `named` if it was given, else gatehouse.yaml of the working directory if it exists, else
/// nothing.
std::optional<std::filesystem::path> find_config_file(
    const std::optional<std::filesystem::path>& named);

/// Reads `file`, or takes the defaults when there is none, and lays the environment over it:
/// GATEHOUSE_ADMIN_KEY, TRUSTED_CUSTOM_HOSTS, HEADERS_TO_METADATA (comma lists).
LoadedSettings load_settings(const std::optional<std::filesystem::path>& file,
                             const Environment& environment);

/// The same from a text; `file` is its name in problems.
LoadedSettings parse_settings(std::string_view text, const std::string& file,
                              const Environment& environment);

/// The trusted custom hosts as set; if they are not set, localhost, 127.0.0.1 and ::1 for a gateway
/// that listens on loopback alone (who calls it is on this machine anyway), else nobody.
TrustedHosts trusted_hosts_of(const Settings& settings);

}  // namespace gatehouse::config
