// gatehouse logs: the record of a data folder, also while a server writes it.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "logs/log_filter.h"
#include "logs/log_record.h"
#include "store/sqlite/sqlite_log_reader.h"

namespace gatehouse::commands {

enum class LogFormat : std::uint8_t { table, json_lines };

/// The flags that select records, as names and values of logs::add_filter; pairs ("metadata",
/// "team=a") for --metadata and --header.
using LogFlags = std::vector<std::pair<std::string, std::string>>;

/// Error: invalid_request, naming the flag.
Result<logs::LogFilter> filter_of(const LogFlags& flags, WallTime now);

/// The newest `count` records that pass, the oldest of them first. Reads as many pages as it takes.
/// `head` is set to the newest place of the log, to follow from.
Result<std::vector<logs::LogRecord>> read_records(store::SqliteLogReader& reader,
                                                  logs::LogFilter filter, std::size_t count,
                                                  logs::LogPosition& head);

/// One line, with its line break. Control characters do not reach the terminal.
std::string format_record(const logs::LogRecord& record, LogFormat format);
std::string table_head();

/// Registers the command. `exit_code` is set when it has run, and must outlive `app`.
void add_logs_command(CLI::App& app, int& exit_code);

}  // namespace gatehouse::commands
