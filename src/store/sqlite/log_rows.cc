#include "store/sqlite/log_rows.h"

#include <chrono>
#include <string_view>

#include "base/ids.h"
#include "logs/record_details.h"

namespace gatehouse::store {
namespace {

using logs::BodyState;
using logs::LogRecord;
using std::chrono::microseconds;

// flags: two bits for the ending, one for streaming, two for each body's state.
constexpr unsigned kStreamingBit = 2;
constexpr unsigned kRequestBits = 3;
constexpr unsigned kResponseBits = 5;

void read_flags(std::int64_t flags, LogRecord& record) {
  record.ending = static_cast<logs::Ending>(flags & kEndingMask);
  record.streaming = static_cast<logs::Streaming>((flags >> kStreamingBit) & 1);
  record.request.state = static_cast<BodyState>((flags >> kRequestBits) & 3);
  record.response.state = static_cast<BodyState>((flags >> kResponseBits) & 3);
}

/// Reads one column after the other.
class Fields {
 public:
  explicit Fields(const Statement& select) : select_(select) {}
  std::int64_t integer() { return select_.integer(at_++); }
  std::optional<std::int64_t> optional_integer() { return select_.optional_integer(at_++); }
  std::string text() { return std::string(select_.text(at_++)); }
  microseconds duration() { return microseconds(integer()); }
  std::optional<microseconds> optional_duration() {
    const auto value = optional_integer();
    return value ? std::optional(microseconds(*value)) : std::nullopt;
  }

 private:
  const Statement& select_;
  int at_ = 0;
};

void read_texts(Fields& fields, LogRecord& record) {
  record.key_id = fields.text();
  record.user = fields.text();
  record.endpoint = fields.text();
  record.provider = fields.text();
  record.model = fields.text();
  record.answered_model = fields.text();
}

}  // namespace

std::int64_t flags_of(const LogRecord& record) {
  return static_cast<std::int64_t>(record.ending) |
         static_cast<std::int64_t>(record.streaming) << kStreamingBit |
         static_cast<std::int64_t>(record.request.state) << kRequestBits |
         static_cast<std::int64_t>(record.response.state) << kResponseBits;
}

Row read_row(const Statement& select) {
  Row row;
  LogRecord& record = row.record;
  Fields fields(select);
  row.seq = fields.integer();
  record.id = fields.text();
  record.trace_id = fields.text();
  record.started = WallTime(fields.duration());
  read_texts(fields, record);
  record.status = static_cast<int>(fields.integer());
  read_flags(fields.integer(), record);
  record.times.total = fields.duration();
  record.times.gateway = fields.duration();
  record.times.first_byte = fields.optional_duration();
  record.tokens.prompt = fields.optional_integer();
  record.tokens.completion = fields.optional_integer();
  record.cost_nano_usd = fields.optional_integer();
  row.body = fields.optional_integer();
  // A row that another hand has spoilt is still worth showing, as far as it goes.
  static_cast<void>(logs::read_details(fields.text(), record));
  return row;
}

std::optional<std::int64_t> micros_of_id(std::string_view id) {
  const long long millis = millis_of_uuid7(id);
  if (millis < 0) return std::nullopt;
  return static_cast<std::int64_t>(millis) * 1000;
}

}  // namespace gatehouse::store
