// Records on their way to the store: packed as it keeps them (packed_records.h), with their bodies
// beside them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "logs/packed_records.h"

namespace gatehouse::logs {

/// How many bytes a body takes where it is kept, and whether it is folded (folded_text.h).
class KeptBody {
 public:
  KeptBody() = default;
  explicit KeptBody(const LoggedBody& body)
      : bytes_and_mark_(static_cast<std::uint32_t>(body.text.size()) |
                        (body.is_folded ? kFolded : 0)) {}
  std::uint32_t bytes() const { return bytes_and_mark_ & ~kFolded; }
  bool is_folded() const { return (bytes_and_mark_ & kFolded) != 0; }

 private:
  static constexpr std::uint32_t kFolded = 1U << 31U;  // a queue holds no body that is so long
  std::uint32_t bytes_and_mark_ = 0;
};

/// What stands before the two bodies of a record, where they are kept: in this order, numbers in
/// the byte order of the machine.
struct BodiesHead {
  std::array<char, 36> id{};  // or the beginning of a longer one, filled up with zeros
  KeptBody request;
  KeptBody response;
};
static_assert(sizeof(BodiesHead) == 44);

BodiesHead bodies_head_of(const LogRecord& record);

/// By how many microseconds records stand behind the start of their requests, at least and at most,
/// if the first of them stands at 0 and each a microsecond behind the one before it.
struct Delays {
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  std::int64_t most = std::numeric_limits<std::int64_t>::min();
};

/// One thread at a time.
class PackedBatch {
 public:
  PackedBatch() { packer_.begin(); }

  /// Packs a record, which must live until the next one is added, and its bodies.
  void add(const LogRecord& record);
  void add(LogRecord&& record) = delete;  // it would not live
  /// Packs a record whose bodies stand somewhere already. It must live as long.
  void add(const LogRecord& record, BodyPlace body);

  /// Takes no more: another batch is due.
  bool is_full() const { return packer_.is_full(); }
  std::size_t size() const { return size_; }  // in records
  std::string_view blob() const { return packer_.blob(); }
  /// The bodies of the records that have any: of each its BodiesHead, its request and its response.
  std::string_view bodies() const { return bodies_; }
  const Delays& delays() const { return delays_; }
  /// Where the store puts the first byte of `bodies`; the others follow without a gap.
  void set_body_base(std::int64_t place) { packer_.set_body_base(place); }

 private:
  RecordPacker packer_;
  std::size_t size_ = 0;
  Delays delays_;
  std::string bodies_;
};

/// The text of a body as it was kept, unfolded if it was folded.
std::string text_of(KeptBody body, std::string_view kept);

/// All records of the batches, with their bodies.
std::vector<LogRecord> unpacked(std::span<const PackedBatch> batches);

/// The same records in the order in which their requests ended.
std::vector<PackedBatch> in_order(std::span<const PackedBatch> batches);

/// Of all batches together.
std::size_t records_in(std::span<const PackedBatch> batches);

}  // namespace gatehouse::logs
