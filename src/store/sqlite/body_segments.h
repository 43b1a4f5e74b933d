// Request and response bodies, outside the database: they are big, written once, read rarely and
// removed by the gigabyte. DIR/bodies/NNNNNN.seg, appended to until it is full.
//
// A segment is a sequence of entries, and a row of the database says where its entry begins
// (BodyPlace). An entry is a logs::BodiesHead, the record's request and its response, as
// logs::PackedBatch puts them together.
// An entry is written before its row is committed, so a row never points at what is not there. What
// a crash leaves at the end without a row is never looked at; new entries follow it. Segments are
// not forced to the disk: after a power failure the bodies of the last seconds may be missing,
// which the reader notices by the length of the file and by the id.
#pragma once

#include <sys/uio.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "logs/packed_batch.h"

namespace gatehouse::store {

/// Where the entry of a record begins: the number of its segment times 2^32, plus the offset.
using logs::BodyPlace;

/// The writing side. One thread. Every process that writes to the folder has a segment of its own,
/// held by a lock (flock) on the file.
class BodySegments {
 public:
  static Result<BodySegments> open(std::filesystem::path folder, std::uint64_t segment_bytes);
  BodySegments(BodySegments&& other) noexcept;
  BodySegments& operator=(BodySegments&& other) noexcept;
  ~BodySegments();

  /// Appends the bodies of all batches, and tells each where its first ones are. On an error the
  /// segment is as before. Error: store.
  Result<void> append(std::span<logs::PackedBatch> batches);
  /// Takes the last append back, when its rows could not be stored.
  void take_back();

  /// Removes the oldest segment that nobody writes to, if all together exceed `max_bytes` or its
  /// last write was before `oldest`. One segment a call.
  void remove_one(std::uint64_t max_bytes, WallTime oldest) const;

 private:
  BodySegments(std::filesystem::path folder, std::uint64_t segment_bytes);
  Result<void> open_segment();
  Result<void> write_out();

  std::filesystem::path folder_;
  std::uint64_t segment_bytes_;
  std::int64_t number_ = 0;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
  std::uint64_t size_before_ = 0;
  std::vector<iovec> pieces_;  // for the batches at hand; kept for its memory
};

/// Reads the bodies at `place` into `record`. If the segment or the entry is gone, their
/// state becomes BodyState::gone.
void read_bodies(const std::filesystem::path& folder, BodyPlace place, logs::LogRecord& record);

}  // namespace gatehouse::store
