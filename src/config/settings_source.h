// The settings over the life of the process: loaded at start, loaded again on SIGHUP.
#pragma once

#include <atomic>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "config/environment.h"
#include "config/load_settings.h"
#include "config/problem.h"
#include "config/settings.h"

namespace gatehouse::config {

/// Where settings come from. All functions may be empty.
struct SettingsOrigin {
  std::optional<std::filesystem::path> file;
  /// Asked at every load, since a .env file may have changed. Empty: the process's own environment
  /// with the .env files that belong to `file`.
  std::function<ReadEnvironment()> environment;
  /// Lays the flags of the command line over what was read.
  std::function<void(Settings&)> adjust;
  /// What only others can judge, such as names of providers.
  std::function<std::vector<Problem>(const Settings&)> check;
};

/// What a load gives: the settings, and the environment that the credentials come from.
struct Configuration {
  std::shared_ptr<const Settings> settings;
  std::shared_ptr<const Environment> environment;
  std::vector<Problem> warnings;
};

struct Reloaded {
  /// Not empty: nothing changed, the old settings hold.
  std::vector<Problem> problems;
  std::vector<Problem> warnings;
  /// Keys whose new value waits for a restart; until then current() shows the old one.
  std::vector<std::string> needs_restart;

  bool is_applied() const { return problems.empty(); }
};

/// One load, without a source that lives on.
std::expected<Configuration, std::vector<Problem>> load_configuration(const SettingsOrigin& origin);

/// Thread-safe: any thread may ask while one reloads.
class SettingsSource {
 public:
  /// `first` is what load_configuration(origin) gave: a process does not start with a bad one.
  SettingsSource(SettingsOrigin origin, Configuration first);

  /// Takes a lock. A loop keeps the snapshot and asks again when generation() has moved on.
  std::shared_ptr<const Configuration> current() const;
  /// Grows with each reload that was applied. One relaxed load.
  std::uint64_t generation() const { return generation_.load(std::memory_order_relaxed); }

  /// Blocking (files are read): not to be called on a loop's thread.
  Reloaded reload();

 private:
  SettingsOrigin origin_;
  std::mutex reloading_;
  mutable std::mutex current_mutex_;
  std::shared_ptr<const Configuration> current_;
  std::atomic<std::uint64_t> generation_ = 0;
};

}  // namespace gatehouse::config
