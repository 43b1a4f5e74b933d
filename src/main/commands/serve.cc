#include "main/commands/serve.h"

#include <fmt/core.h>
#include <malloc.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "auth/first_key.h"
#include "base/process_log.h"
#include "config/listen_address.h"
#include "config/settings_source.h"
#include "gateway/gateway.h"
#include "gateway/snapshot.h"
#include "logs/log_writer.h"
#include "main/commands/check_providers.h"
#include "main/commands/open_cache.h"
#include "main/commands/process_log_sink.h"
#include "responses/kept_responses.h"
#include "store/log_thread.h"
#include "store/sqlite/sqlite_key_store.h"
#include "store/sqlite/sqlite_log_store.h"
#include "store/sqlite/sqlite_response_store.h"

namespace gatehouse::commands {
namespace {

struct ServeFlags {
  std::vector<std::string> listen;
  std::string data;
  std::string config;
  std::string log_level;
};

/// A start that cannot go on: told to the operator, exit code 1.
class CannotStart : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

template <class T>
T or_refuse(Result<T> result) {
  if (!result) throw CannotStart(result.error()->message);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

std::optional<LogLevel> level_named(const std::string& name) {
  static constexpr std::pair<std::string_view, LogLevel> kNames[] = {
      {"trace", LogLevel::trace}, {"debug", LogLevel::debug}, {"info", LogLevel::info},
      {"warn", LogLevel::warn},   {"error", LogLevel::error}, {"off", LogLevel::off}};
  for (const auto& [known, level] : kNames) {
    if (known == name) return level;
  }
  return std::nullopt;
}

void apply_flags(const ServeFlags& flags, config::Settings& settings) {
  if (!flags.data.empty()) settings.data_dir = flags.data;
  if (!flags.listen.empty()) {
    settings.server.listen.clear();
    for (const std::string& text : flags.listen) {
      settings.server.listen.push_back(or_refuse(config::parse_listen_address(text)));
    }
  }
}

void say(const std::vector<config::Problem>& problems, LogLevel level) {
  for (const config::Problem& problem : problems) log(level, config::format_problem(problem));
}

/// Bodies of some 100 KB come and go with every request: glibc's allocator, where it is used, keeps
/// their memory at hand. Each thread gives it back when it rests.
void keep_memory_at_hand() {
  mallopt(M_MMAP_THRESHOLD, 4 * 1024 * 1024);
  mallopt(M_TRIM_THRESHOLD, 16 * 1024 * 1024);
}

void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

void print_start(const std::vector<async::Address>& addresses, bool is_tls,
                 const auth::FirstKey& key) {
  const std::string scheme = is_tls ? "https" : "http";
  for (const async::Address& address : addresses) {
    fmt::print("listening on {}://{}\n", scheme, address.text());
  }
  std::string shown = "$GATEHOUSE_KEY";
  if (key.outcome == auth::FirstKey::Outcome::generated) {
    shown = key.text->reveal();
    fmt::print("first key: {}   (shown this once; `gatehouse keys create` makes more)\n", shown);
  } else if (key.outcome == auth::FirstKey::Outcome::from_environment) {
    shown = "$GATEHOUSE_ADMIN_KEY";
  }
  fmt::print(
      "try it:\n  curl {}://{}/v1/chat/completions -H \"x-portkey-api-key: {}\" "
      "-H \"x-portkey-provider: demo\" -H \"content-type: application/json\" "
      "-d "
      "'{{\"model\":\"demo-chat\",\"messages\":[{{\"role\":\"user\",\"content\":\"Hello\"}}]}}'\n",
      scheme, addresses.front().text(), shown);
  std::fflush(stdout);
}

/// One running gateway, from its stores to its signals.
class ServeProcess {
 public:
  ServeProcess(ServeFlags flags, config::SettingsOrigin origin, config::Configuration first)
      : flags_(std::move(flags)), source_(std::move(origin), std::move(first)) {}

  void run() {
    open_stores();
    gateway::Gateway gateway(clock_, snapshot(),
                             {log_store_.get(), writer_.get(), cache_ ? &cache_->cache() : nullptr,
                              &responses_.value()});
    const std::vector<async::Address> addresses = or_refuse(gateway.start());
    std::optional<store::LogThread> log_thread;
    if (writer_) log_thread.emplace(*writer_);
    print_start(addresses, settings().server.tls.is_enabled(), first_key_);
    wait_for_signals(gateway);
    drain(gateway);
  }

  static void block_signals() {
    sigset_t set = signals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);  // a file at its limit is a full disk, not the end
  }

 private:
  static sigset_t signals() {
    sigset_t set;
    sigemptyset(&set);
    for (const int each : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, each);
    return set;
  }

  config::Settings settings() const { return *source_.current()->settings; }

  void open_stores() {
    const config::Settings now = settings();
    const std::filesystem::path folder = now.data_dir;
    keys_ = or_refuse(store::SqliteKeyStore::open(folder));
    first_key_ = or_refuse(auth::ensure_first_key(*keys_, now.admin_key, clock_));
    if (first_key_.outcome == auth::FirstKey::Outcome::existed_env_other) {
      log(LogLevel::warn, "GATEHOUSE_ADMIN_KEY has no effect: this data folder has keys already.");
    }
    response_store_ = or_refuse(store::SqliteResponseStore::open(folder));
    responses_.emplace(*response_store_, clock_, &report_lost_response);
    if (now.cache.enabled) cache_.emplace(now.cache, folder, clock_);
    if (!now.logs.enabled) return;
    store::SqliteLogOptions options;
    constexpr std::uint32_t kForEver = 36'500;
    const std::uint32_t days = now.logs.retention_days > 0 ? now.logs.retention_days : kForEver;
    options.retention.rows = options.retention.bodies = std::chrono::days{days};
    if (now.logs.max_bytes > 0) options.retention.body_bytes = now.logs.max_bytes;
    log_store_ = or_refuse(store::SqliteLogStore::open(folder, clock_, options));
    writer_ = std::make_unique<logs::LogWriter>(*log_store_, clock_, &report_trouble);
  }

  static void report_trouble(const logs::LogTrouble& trouble) {
    const std::string lost = fmt::format("Lost so far: {} records, and the bodies of {} more.",
                                         trouble.losses.records, trouble.losses.bodies);
    if (trouble.error) {
      log(LogLevel::error, "The record cannot be written: " + trouble.error->message + " " + lost);
    } else {
      log(LogLevel::warn, "The record is written. " + lost);
    }
  }

  static void report_lost_response(const Error& error) {
    log(LogLevel::error, "Responses cannot be kept for previous_response_id: " + error.message);
  }

  std::shared_ptr<const gateway::Snapshot> snapshot() {
    return or_refuse(gateway::make_snapshot(*source_.current(), or_refuse(keys_->list())));
  }

  void swap(gateway::Gateway& gateway) {
    Result<std::vector<auth::GatewayKey>> keys = keys_->list();
    if (!keys) return log(LogLevel::error, keys.error()->message);
    Result<std::shared_ptr<const gateway::Snapshot>> made =
        gateway::make_snapshot(*source_.current(), std::move(*keys));
    if (!made) return log(LogLevel::error, "Not reloaded: " + made.error()->message);
    gateway.swap(std::move(*made));
  }

  void reload(gateway::Gateway& gateway) {
    const config::Reloaded reloaded = source_.reload();
    say(reloaded.warnings, LogLevel::warn);
    if (!reloaded.is_applied()) {
      say(reloaded.problems, LogLevel::error);
      return log(LogLevel::error, "Not reloaded: the old configuration stays.");
    }
    for (const std::string& key : reloaded.needs_restart) {
      log(LogLevel::warn, key + " changes with the next start only.");
    }
    swap(gateway);
    log(LogLevel::info, "Configuration reloaded.");
  }

  /// Once a second, beside the requests.
  void tick(gateway::Gateway& gateway) {
    const Result<bool> changed = keys_->changed();
    if (changed && *changed) swap(gateway);
  }

  void wait_for_signals(gateway::Gateway& gateway) {
    const sigset_t set = signals();
    for (;;) {
      const timespec second{1, 0};
      const int signal = sigtimedwait(&set, nullptr, &second);
      if (signal == SIGHUP) reload(gateway);
      if (signal == SIGTERM || signal == SIGINT) return;
      if (signal < 0) tick(gateway);
    }
  }

  void drain(gateway::Gateway& gateway) {
    const auto patience = settings().server.drain_timeout;
    log(LogLevel::info, fmt::format("Draining for at most {} ms.", patience.count()));
    gateway.drain();
    const MonotonicTime until = clock_.now() + patience;
    const sigset_t set = signals();
    while (!gateway.is_idle() && clock_.now() < until) {
      const timespec moment{0, 20'000'000};
      // A second signal ends the patience.
      const int signal = sigtimedwait(&set, nullptr, &moment);
      if (signal == SIGTERM || signal == SIGINT) break;
    }
    gateway.cut();
    gateway.stop();
    log(LogLevel::info, "Stopped.");
  }

  ServeFlags flags_;
  SystemClock clock_;
  config::SettingsSource source_;
  std::unique_ptr<store::SqliteKeyStore> keys_;
  std::unique_ptr<store::SqliteResponseStore> response_store_;
  std::optional<responses::KeptResponses> responses_;
  std::unique_ptr<store::SqliteLogStore> log_store_;
  std::unique_ptr<logs::LogWriter> writer_;
  std::optional<OpenCache> cache_;
  auth::FirstKey first_key_;
};

int serve(const ServeFlags& flags) {
  try {
    ServeProcess::block_signals();
    config::SettingsOrigin origin;
    std::optional<std::filesystem::path> named;
    if (!flags.config.empty()) named = flags.config;
    origin.file = config::find_config_file(named);
    origin.adjust = [flags](config::Settings& settings) { apply_flags(flags, settings); };
    origin.check = &check_providers;
    auto first = config::load_configuration(origin);
    if (!first) {
      for (const config::Problem& problem : first.error()) {
        fmt::print(stderr, "{}\n", config::format_problem(problem));
      }
      return 1;
    }
    const std::optional<LogLevel> level = flags.log_level.empty()
                                              ? static_cast<LogLevel>(first->settings->log_level)
                                              : level_named(flags.log_level);
    start_process_log(level.value_or(LogLevel::info));
    say(first->warnings, LogLevel::warn);
    keep_memory_at_hand();
    raise_descriptor_limit();
    ServeProcess(flags, std::move(origin), std::move(*first)).run();
    return 0;
  } catch (const std::exception& exception) {
    fmt::print(stderr, "gatehouse cannot start: {}\n", exception.what());
    return 1;
  }
}

}  // namespace

void add_serve_command(CLI::App& app, int& exit_code) {
  CLI::App* const command = app.add_subcommand("serve", "Serve requests until a signal ends it");
  auto flags = std::make_shared<ServeFlags>();
  command->add_option("--listen", flags->listen,
                      "ADDRESS:PORT, may be given several times (default 127.0.0.1:8787)");
  command->add_option("--data", flags->data, "Folder of keys and records (default ./data)");
  command->add_option("--config", flags->config,
                      "The file; else gatehouse.yaml, if there is one here");
  command->add_option("--log-level", flags->log_level, "trace, debug, info, warn, error or off")
      ->check(CLI::IsMember({"trace", "debug", "info", "warn", "error", "off"}));
  command->callback([flags, &exit_code] { exit_code = serve(*flags); });
}

}  // namespace gatehouse::commands
