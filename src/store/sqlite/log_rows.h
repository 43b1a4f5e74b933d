// A log record as a row of the table `logs` (schema.cc), without its bodies.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "logs/log_record.h"
#include "store/sqlite/body_segments.h"
#include "store/sqlite/database.h"

namespace gatehouse::store {

/// The columns of the table, in its order.
inline constexpr const char* kRowColumns =
    "seq, id, trace_id, started, key_id, user, endpoint, provider, model, answered_model, status,"
    " flags, total_us, gateway_us, first_byte_us, prompt_tokens, completion_tokens, cost_nano_usd,"
    " body, details";

/// Of the bits of `flags`, the lowest two are the Ending.
inline constexpr std::int64_t kEndingMask = 3;

/// The column `flags`.
std::int64_t flags_of(const logs::LogRecord& record);

struct Row {
  std::int64_t seq = 0;
  logs::LogRecord record;
  BodyPlace body;
};
/// From a statement that selects kRowColumns.
Row read_row(const Statement& select);

/// The microsecond in which an id says that its request began; nothing if it is no version 7 UUID.
std::optional<std::int64_t> micros_of_id(std::string_view id);

}  // namespace gatehouse::store
