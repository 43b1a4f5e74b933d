#include "config/settings_source.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace gatehouse::config {
namespace {

// A listener, its threads and its certificate are made once. Each row puts the running value into
// the fresh settings, so that whatever depends on it (is the listener on loopback?) stays true, and
// tells whether that changed anything.
struct RestartKey {
  const char* name;
  bool (*keep)(const Settings& running, Settings& fresh);
};

template <class Value>
bool keep_value(const Value& running, Value& fresh) {
  if (running == fresh) return false;
  fresh = running;
  return true;
}

constexpr RestartKey kRestartKeys[] = {
    {"data_dir", [](const Settings& running,
                    Settings& fresh) { return keep_value(running.data_dir, fresh.data_dir); }},
    {"server.listen",
     [](const Settings& running, Settings& fresh) {
       return keep_value(running.server.listen, fresh.server.listen);
     }},
    {"server.threads",
     [](const Settings& running, Settings& fresh) {
       return keep_value(running.server.threads, fresh.server.threads);
     }},
    {"server.tls",
     [](const Settings& running, Settings& fresh) {
       return keep_value(running.server.tls, fresh.server.tls);
     }},
    {"cache",
     [](const Settings& running, Settings& fresh) {
       // Its stores are made once; who may use them, and for how long, is asked for each request.
       bool is_changed = keep_value(running.cache.enabled, fresh.cache.enabled);
       is_changed |= keep_value(running.cache.memory_bytes, fresh.cache.memory_bytes);
       is_changed |= keep_value(running.cache.disk_bytes, fresh.cache.disk_bytes);
       return keep_value(running.cache.semantic.memory_bytes, fresh.cache.semantic.memory_bytes) ||
              is_changed;
     }},
    {"upstream.ca_file",
     [](const Settings& running, Settings& fresh) {
       return keep_value(running.upstream.ca_file, fresh.upstream.ca_file);
     }},
};

ReadEnvironment environment_of(const SettingsOrigin& origin) {
  if (origin.environment) return origin.environment();
  return read_environment(dotenv_files_for(origin.file));
}

}  // namespace

std::expected<Configuration, std::vector<Problem>> load_configuration(
    const SettingsOrigin& origin) {
  ReadEnvironment read = environment_of(origin);
  LoadedSettings settings = load_settings(origin.file, read.environment);
  if (!settings) {
    std::ranges::move(read.warnings, std::back_inserter(settings.error()));
    return std::unexpected(std::move(settings.error()));
  }
  if (origin.adjust) origin.adjust(*settings);
  if (origin.check) {
    std::vector<Problem> problems = origin.check(*settings);
    if (!problems.empty()) return std::unexpected(std::move(problems));
  }
  return Configuration{std::make_shared<const Settings>(std::move(*settings)),
                       std::make_shared<const Environment>(std::move(read.environment)),
                       std::move(read.warnings)};
}

SettingsSource::SettingsSource(SettingsOrigin origin, Configuration first)
    : origin_(std::move(origin)),
      current_(std::make_shared<const Configuration>(std::move(first))) {}

std::shared_ptr<const Configuration> SettingsSource::current() const {
  const std::lock_guard lock(current_mutex_);
  return current_;
}

Reloaded SettingsSource::reload() {
  const std::lock_guard lock(reloading_);
  std::expected<Configuration, std::vector<Problem>> fresh = load_configuration(origin_);
  Reloaded reloaded;
  if (!fresh) {
    reloaded.problems = std::move(fresh.error());
    return reloaded;
  }
  Settings settings = *fresh->settings;
  const std::shared_ptr<const Configuration> running = current();
  for (const RestartKey& row : kRestartKeys) {
    if (row.keep(*running->settings, settings)) reloaded.needs_restart.emplace_back(row.name);
  }
  reloaded.warnings = fresh->warnings;
  fresh->settings = std::make_shared<const Settings>(std::move(settings));
  auto next = std::make_shared<const Configuration>(std::move(*fresh));
  {
    const std::lock_guard swapping(current_mutex_);
    current_.swap(next);
  }
  generation_.fetch_add(1, std::memory_order_relaxed);
  return reloaded;
}

}  // namespace gatehouse::config
