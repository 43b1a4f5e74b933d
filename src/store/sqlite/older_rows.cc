#include "store/sqlite/older_rows.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "logs/record_details.h"
#include "store/sqlite/log_batches.h"

namespace gatehouse::store {
namespace {

using std::chrono::microseconds;

constexpr const char* kSelect =
    "SELECT seq, id, trace_id, started, key_id, user, endpoint, provider, model, answered_model,"
    " status, flags, total_us, gateway_us, first_byte_us, prompt_tokens, completion_tokens,"
    " cost_nano_usd, body, details FROM logs ORDER BY seq";

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

struct Row {
  std::int64_t seq = 0;
  logs::LogRecord record;
  logs::BodyPlace body;
};

void read_texts(Fields& fields, logs::LogRecord& record) {
  record.key_id = fields.text();
  record.user = fields.text();
  record.endpoint = fields.text();
  record.provider = fields.text();
  record.model = fields.text();
  record.answered_model = fields.text();
}

Row read_row(const Statement& select) {
  Row row;
  logs::LogRecord& record = row.record;
  Fields fields(select);
  row.seq = fields.integer();
  record.id = fields.text();
  record.trace_id = fields.text();
  record.started = WallTime(fields.duration());
  read_texts(fields, record);
  record.status = static_cast<int>(fields.integer());
  logs::set_flags(static_cast<std::uint64_t>(fields.integer()), record);
  record.times.total = fields.duration();
  record.times.gateway = fields.duration();
  record.times.first_byte = fields.optional_duration();
  record.tokens.prompt = fields.optional_integer();
  record.tokens.completion = fields.optional_integer();
  record.cost_nano_usd = fields.optional_integer();
  row.body = fields.optional_integer();
  // A row that another hand has spoilt is still worth keeping, as far as it goes.
  static_cast<void>(logs::read_older_details(fields.text(), record));
  return row;
}

/// Rows that become one: their places follow each other.
class Gathered {
 public:
  bool takes(std::int64_t seq) const {
    const auto size = static_cast<std::int64_t>(batch_.size());
    return size == 0 || (!batch_.is_full() && seq == first_ + size);
  }
  void add(const Row& row) {
    if (batch_.size() == 0) first_ = row.seq;
    batch_.add(row.record, row.body);
  }
  Result<void> write(BatchWriter& writer) {
    if (batch_.size() == 0) return {};
    Result<void> written = writer.write(first_, batch_);
    batch_ = logs::PackedBatch();
    return written;
  }

 private:
  logs::PackedBatch batch_;
  std::int64_t first_ = 0;
};

}  // namespace

Result<void> pack_older_rows(Database& database) {
  Result<BatchWriter> writer = BatchWriter::open(database);
  if (!writer) return fail(std::move(writer.error()));
  Result<Statement> select = database.prepare(kSelect);
  if (!select) return fail(std::move(select.error()));
  std::array<Row, 2> rows;  // the one at hand, and the one before it
  Gathered gathered;
  for (std::size_t at = 0;; at = 1 - at) {
    const Result<Statement::Step> step = select->step();
    if (!step) return fail(step.error());
    if (*step == Statement::Step::done) return gathered.write(*writer);
    rows[at] = read_row(*select);
    if (!gathered.takes(rows[at].seq)) {
      if (Result<void> written = gathered.write(*writer); !written) return written;
    }
    gathered.add(rows[at]);
  }
}

}  // namespace gatehouse::store
