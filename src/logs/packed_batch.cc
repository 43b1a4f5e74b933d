#include "logs/packed_batch.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "logs/folded_text.h"
#include "logs/packed_bytes.h"

namespace gatehouse::logs {
namespace {

// What the usual bodies of a full batch take, so that they are not moved while they gather. No page
// of it is there before it is written to.
constexpr std::size_t kRoomForBodies = 160UL << 10U;

std::int64_t micros(WallTime time) { return time.time_since_epoch().count(); }

WallTime ended_at(const LogRecord& record) { return record.started + record.times.total; }

}  // namespace

BodiesHead bodies_head_of(const LogRecord& record) {
  BodiesHead head;
  record.id.copy(head.id.data(), head.id.size());
  head.request = KeptBody(record.request);
  head.response = KeptBody(record.response);
  return head;
}

void PackedBatch::add(const LogRecord& record) {
  if (record.request.text.empty() && record.response.text.empty()) return add(record, {});
  add(record, static_cast<std::int64_t>(bodies_.size()));
  const BodiesHead head = bodies_head_of(record);
  if (bodies_.empty()) bodies_.reserve(kRoomForBodies);
  const std::size_t begin = bodies_.size();
  const std::size_t end =
      begin + sizeof head + record.request.text.size() + record.response.text.size();
  // Not the size that it passes on: libstdc++ 12 gives the new capacity there.
  bodies_.resize_and_overwrite(end, [&](char* bodies, std::size_t /*size*/) {
    ByteWriter out(bodies + begin);
    out.bytes(&head, sizeof head);
    out.bytes(record.request.text.data(), record.request.text.size());
    out.bytes(record.response.text.data(), record.response.text.size());
    return end;
  });
}

void PackedBatch::add(const LogRecord& record, BodyPlace body) {
  const std::optional<UuidBytes> id = packer_.add(record, body);
  // An id also says when its request began, and who looks for it goes by that.
  const std::int64_t began = micros(record.started);
  const long long millis = id ? millis_of_uuid7(*id) : -1;
  const std::int64_t says_id = millis < 0 ? began : millis * 1000;
  const auto place = static_cast<std::int64_t>(size_);
  delays_.least = std::min(delays_.least, place - std::max(began, says_id));
  delays_.most = std::max(delays_.most, place - std::min(began, says_id));
  ++size_;
}

namespace {

/// As it is kept. Takes it from the front of `bodies`.
void read_body(KeptBody kept, std::string_view& bodies, LoggedBody& body) {
  body.text = bodies.substr(0, kept.bytes());
  body.is_folded = kept.is_folded();
  bodies.remove_prefix(body.text.size());
}

/// Gives what follows them.
std::string_view read_bodies(std::string_view bodies, LogRecord& record) {
  BodiesHead head;
  if (bodies.size() < sizeof head) return {};
  std::memcpy(&head, bodies.data(), sizeof head);
  bodies.remove_prefix(sizeof head);
  read_body(head.request, bodies, record.request);
  read_body(head.response, bodies, record.response);
  return bodies;
}

/// Their bodies as they are kept.
std::vector<LogRecord> records_of(std::span<const PackedBatch> batches) {
  std::vector<LogRecord> records;
  RecordReader reader;
  for (const PackedBatch& batch : batches) {
    std::string_view bodies = batch.bodies();
    for (reader.open(batch.blob()); reader.next();) {
      records.push_back(reader.whole_record());
      if (reader.body()) bodies = read_bodies(bodies, records.back());
    }
  }
  return records;
}

}  // namespace

std::string text_of(KeptBody body, std::string_view kept) {
  return body.is_folded() ? unfolded(kept) : std::string(kept);
}

std::vector<LogRecord> unpacked(std::span<const PackedBatch> batches) {
  std::vector<LogRecord> records = records_of(batches);
  for (LogRecord& record : records) {
    for (LoggedBody* const body : {&record.request, &record.response}) {
      if (std::exchange(body->is_folded, false)) body->text = unfolded(body->text);
    }
  }
  return records;
}

std::vector<PackedBatch> in_order(std::span<const PackedBatch> batches) {
  std::vector<LogRecord> records = records_of(batches);
  std::ranges::stable_sort(records, {}, ended_at);
  std::vector<PackedBatch> ordered;
  for (const LogRecord& record : records) {
    if (ordered.empty() || ordered.back().is_full()) ordered.emplace_back();
    ordered.back().add(record);
  }
  return ordered;
}

std::size_t records_in(std::span<const PackedBatch> batches) {
  std::size_t records = 0;
  for (const PackedBatch& batch : batches) records += batch.size();
  return records;
}

}  // namespace gatehouse::logs
