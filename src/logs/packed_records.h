// Log records as bytes, without their bodies: a batch of them is one blob of the database. Records
// of one batch are much alike, so each says only in what it differs from the one before it; the
// first one differs from an empty record.
//
// A blob is a byte for the format (2) and eight for where the bodies of the batch begin, the lowest
// first; then records one after the other, each:
//   4 bytes   its marks (packed_records.cc), the lowest first: which of the fields below are there
//   id        0 and 16 bytes if it is a UUID as we write them, else its length plus 1 and its text
//   trace id  likewise
//   numbers   start (how long after the one before it), total and own time, in microseconds
//   texts     those that differ
//   numbers   of the answer (status, ..), if they differ; metadata and headers, if they differ;
//             measures, if they are there, and how far behind those before it its bodies begin
//   rest      logs/record_details.h, if it is there
// Numbers and lengths are written as packed_bytes.h has it. Format 1 is the same without the eight
// bytes: the place of the first bodies counts from 0.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "logs/log_record.h"
#include "logs/packed_bytes.h"

namespace gatehouse::logs {

/// Where a store keeps the bodies of a record, as it counts. Nothing: it has none.
using BodyPlace = std::optional<std::int64_t>;

/// How a request ended, whether it streamed and the states of its bodies, from the number that
/// stands for them.
void set_flags(std::uint64_t flags, LogRecord& record);

/// One thread at a time. Keeps its memory from blob to blob.
class RecordPacker {
 public:
  /// A blob of this size takes no further record: it fits into a page of the database, and reading
  /// it to find one record costs little.
  static constexpr std::size_t kFullBytes = 3850;

  /// Begins a blob, whose bodies are counted from 0.
  void begin();
  /// Appends a record, which must live until the next one is added or `begin` is called. Gives the
  /// bytes of its id, if that is a UUID.
  std::optional<UuidBytes> add(const LogRecord& record, BodyPlace body);
  std::optional<UuidBytes> add(LogRecord&& record, BodyPlace body) = delete;  // it would not live
  /// From now on the bodies of the blob are counted from here.
  void set_body_base(std::int64_t place);
  bool is_full() const { return blob_.size() >= kFullBytes; }
  std::string_view blob() const { return blob_; }

 private:
  std::string blob_;
  std::string details_;
  const LogRecord* before_ = nullptr;
  std::int64_t body_before_ = 0;
};

/// Reads the records of blobs, oldest first.
class RecordReader {
 public:
  /// The blob must live as long as its records are read.
  void open(std::string_view blob);
  /// Goes to the next record. False: there is none, or the rest makes no sense.
  bool next();
  /// The record without its ids, its rarest fields and the texts of its bodies.
  const LogRecord& record() const { return record_; }
  std::string id() const { return id_.text(); }
  /// Also gives the record its trace id.
  void read_trace_id() { record_.trace_id = trace_id_.text(); }
  BodyPlace body() const { return body_; }
  /// The record without the texts of its bodies. What another hand has spoilt is left out.
  LogRecord whole_record() const;

 private:
  struct PackedId {
    std::string_view bytes;
    bool is_uuid = false;
    std::string text() const;
  };
  PackedId read_id();
  void read_answer(std::uint32_t marks);
  void read_measures(std::uint32_t marks);

  ByteReader bytes_;
  LogRecord record_;  // the one before, until it is read over
  PackedId id_;
  PackedId trace_id_;
  BodyPlace body_;
  std::int64_t body_before_ = 0;
  std::string_view details_;
};

}  // namespace gatehouse::logs
