#include "main/commands/logs.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <limits>
#include <memory>
#include <optional>
#include <thread>

#include "logs/parse_filter.h"
#include "logs/render_json.h"
#include "logs/times.h"

namespace gatehouse::commands {
namespace {

constexpr std::chrono::milliseconds kPollPause{500};
constexpr std::size_t kShownWhenFollowing = 10;

struct LogsFlags {
  std::string data = "./data";
  std::string id;
  LogFlags selection;
  std::optional<std::size_t> count;
  bool is_following = false;
  bool is_json = false;

  LogFormat format() const { return is_json ? LogFormat::json_lines : LogFormat::table; }
};

/// Text from outside, safe for a terminal and no longer than a column.
std::string shown(std::string_view text, std::size_t longest) {
  std::string out(text.substr(0, longest));
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == '\x7f') c = '?';
  }
  return out.empty() ? "-" : out;
}

std::string milliseconds(const std::optional<std::chrono::microseconds>& time) {
  if (!time) return "-";
  return fmt::format("{:.1f}", static_cast<double>(time->count()) / 1000.0);
}

std::string tokens(const logs::TokenCounts& counts) {
  if (!counts.prompt && !counts.completion) return "-";
  return fmt::format("{}+{}", counts.prompt.value_or(0), counts.completion.value_or(0));
}

std::string table_row(const logs::LogRecord& record) {
  std::string row =
      fmt::format("{}  {:>6}  {:<15}  {:<14}  {:<28}  {:>11}  {:>9}  {:>9}  {}",
                  logs::format_time(record.started), record.status, logs::name_of(record.ending),
                  shown(record.provider, 14), shown(record.model, 28), tokens(record.tokens),
                  milliseconds(record.times.first_byte), milliseconds(record.times.total),
                  shown(record.trace_id, 64));
  if (record.error) row += "  " + shown(record.error->message, 200);
  return row + "\n";
}

void print_records(const std::vector<logs::LogRecord>& records, LogFormat format) {
  for (const logs::LogRecord& record : records) {
    std::fputs(format_record(record, format).c_str(), stdout);
  }
  std::fflush(stdout);
}

int refuse(const Error& error) {
  fmt::print(stderr, "{}\n", error.message);
  return 1;
}

int show_one(store::SqliteLogReader& reader, const std::string& id) {
  const Result<logs::LogRecord> record = reader.find(id);
  if (!record) return refuse(record.error());
  fmt::print("{}\n", logs::render_record(*record));
  return 0;
}

/// Until the output is closed or the user ends the program.
int follow(store::SqliteLogReader& reader, logs::LogFilter filter, LogFormat format) {
  logs::LogPosition head = filter.after.value_or(0);
  while (std::ferror(stdout) == 0) {
    std::this_thread::sleep_for(kPollPause);
    filter.after = head;
    const auto records =
        read_records(reader, filter, std::numeric_limits<std::size_t>::max(), head);
    if (!records) return refuse(records.error());
    print_records(*records, format);
  }
  return 0;
}

int show_logs(const LogsFlags& flags) {
  Result<std::unique_ptr<store::SqliteLogReader>> reader = store::SqliteLogReader::open(flags.data);
  if (!reader) return refuse(reader.error());
  if (!flags.id.empty()) return show_one(**reader, flags.id);
  Result<logs::LogFilter> filter = filter_of(flags.selection, SystemClock{}.wall());
  if (!filter) return refuse(filter.error());
  const std::size_t usual = flags.is_following ? kShownWhenFollowing : logs::kDefaultLimit;
  logs::LogPosition head = 0;
  const auto records = read_records(**reader, *filter, flags.count.value_or(usual), head);
  if (!records) return refuse(records.error());
  if (flags.format() == LogFormat::table) std::fputs(table_head().c_str(), stdout);
  print_records(*records, flags.format());
  if (!flags.is_following) return 0;
  filter->after = head;
  return follow(**reader, std::move(*filter), flags.format());
}

/// A flag whose value goes into the selection under the filter's own name.
void add_selection(CLI::App& command, const std::shared_ptr<LogsFlags>& flags,
                   const std::pair<const char*, const char*>& names, const char* about) {
  command.add_option_function<std::vector<std::string>>(
      names.first,
      [flags, name = names.second](const std::vector<std::string>& values) {
        for (const std::string& value : values) flags->selection.emplace_back(name, value);
      },
      about);
}

}  // namespace

Result<logs::LogFilter> filter_of(const LogFlags& flags, WallTime now) {
  logs::LogFilter filter;
  filter.counting = logs::Counting::none;
  for (const auto& [name, value] : flags) {
    const bool is_pair = name == "metadata" || name == "headers";
    const std::size_t equals = value.find('=');
    if (is_pair && (equals == std::string::npos || equals == 0)) {
      return fail(client_error(ErrorCode::invalid_request,
                               "'" + value + "' has no name. Give NAME=VALUE."));
    }
    const Result<void> added =
        is_pair ? logs::add_filter(filter, name + "." + value.substr(0, equals),
                                   std::string_view(value).substr(equals + 1), now)
                : logs::add_filter(filter, name, value, now);
    if (!added) return fail(added.error());
  }
  return filter;
}

Result<std::vector<logs::LogRecord>> read_records(store::SqliteLogReader& reader,
                                                  logs::LogFilter filter, std::size_t count,
                                                  logs::LogPosition& head) {
  std::vector<logs::LogRecord> records;
  bool is_first = true;
  while (records.size() < count) {
    filter.limit = std::min(count - records.size(), logs::kMaxLimit);
    Result<logs::LogPage> page = reader.query(filter);
    if (!page) return fail(std::move(page.error()));
    if (std::exchange(is_first, false)) head = page->head;
    std::ranges::move(page->records, std::back_inserter(records));
    if (!page->next) break;
    filter.before = page->next;
  }
  std::reverse(records.begin(), records.end());
  return records;
}

std::string table_head() {
  return fmt::format("{:<24}  {:>6}  {:<15}  {:<14}  {:<28}  {:>11}  {:>9}  {:>9}  {}\n", "TIME",
                     "STATUS", "END", "PROVIDER", "MODEL", "TOKENS", "FIRST ms", "TOTAL ms",
                     "TRACE");
}

std::string format_record(const logs::LogRecord& record, LogFormat format) {
  return format == LogFormat::table ? table_row(record) : logs::render_row(record) + "\n";
}

void add_logs_command(CLI::App& app, int& exit_code) {
  CLI::App* const command = app.add_subcommand("logs", "Show the record of requests");
  const auto flags = std::make_shared<LogsFlags>();
  command->add_flag("-f,--follow", flags->is_following, "Go on with what is written from now on");
  command->add_flag("--json", flags->is_json, "One JSON document a line");
  command->add_option("--data", flags->data, "Folder of keys and records (default ./data)");
  command->add_option("--id", flags->id, "One record with its bodies, as JSON");
  command->add_option("--limit", flags->count, "How many (default 50; 10 with -f)")
      ->check(CLI::PositiveNumber);
  add_selection(*command, flags, {"--trace-id", "trace_id"}, "Of this trace");
  add_selection(*command, flags, {"--metadata", "metadata"}, "NAME=VALUE, may be repeated");
  add_selection(*command, flags, {"--header", "headers"}, "NAME=VALUE, may be repeated");
  add_selection(*command, flags, {"--model", "model"}, "Asked for, or answering");
  add_selection(*command, flags, {"--provider", "provider"}, "Of this provider");
  add_selection(*command, flags, {"--status", "status"}, "404, 5xx, or 429,5xx");
  add_selection(*command, flags, {"--user", "user"}, "Of this user");
  add_selection(*command, flags, {"--end", "end"},
                "complete, upstream_failed, client_gone or deadline");
  add_selection(*command, flags, {"--since", "since"}, "A time, or an age such as 1h");
  add_selection(*command, flags, {"--until", "until"}, "A time, or an age such as 1h");
  command->callback([flags, &exit_code] { exit_code = show_logs(*flags); });
}

}  // namespace gatehouse::commands
