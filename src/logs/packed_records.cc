#include "logs/packed_records.h"

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cstring>

#include "logs/record_details.h"

namespace gatehouse::logs {
namespace {

using std::chrono::microseconds;

constexpr char kFormat = 2;
constexpr char kFormatWithoutBase = 1;
constexpr std::size_t kBaseBytes = 8;

/// The texts that a record shares with most others. Each has the mark of its place here.
constexpr std::array kTexts = {
    &LogRecord::method,         &LogRecord::path,         &LogRecord::endpoint,
    &LogRecord::provider,       &LogRecord::model,        &LogRecord::answered_model,
    &LogRecord::finish_reason,  &LogRecord::cache_status, &LogRecord::key_id,
    &LogRecord::user,           &LogRecord::organization, &LogRecord::span_id,
    &LogRecord::parent_span_id, &LogRecord::span_name,
};

/// The other marks. Up to `headers`: the field differs from that of the record before; from there
/// on: it is there.
enum Mark : std::uint32_t {
  kStatus = 1U << 14U,
  kFlags = 1U << 15U,
  kRetries = 1U << 16U,
  kMetadata = 1U << 17U,
  kHeaders = 1U << 18U,
  kFirstByte = 1U << 19U,
  kUpstream = 1U << 20U,
  kPrompt = 1U << 21U,
  kCompletion = 1U << 22U,
  kUnusualTotal = 1U << 23U,  // of tokens: not the sum of the two
  kCached = 1U << 24U,
  kReasoning = 1U << 25U,
  kCost = 1U << 26U,
  kBody = 1U << 27U,
  kDetails = 1U << 28U,
};
static_assert(kStatus == 1U << kTexts.size());

// Flags: two bits for the ending, one for streaming, two for each body's state.
constexpr unsigned kStreamingBit = 2;
constexpr unsigned kRequestBits = 3;
constexpr unsigned kResponseBits = 5;

unsigned flags_of(const LogRecord& record) {
  return static_cast<unsigned>(record.ending) |
         static_cast<unsigned>(record.streaming) << kStreamingBit |
         static_cast<unsigned>(record.request.state) << kRequestBits |
         static_cast<unsigned>(record.response.state) << kResponseBits;
}

std::optional<std::int64_t> usual_total(const TokenCounts& tokens) {
  if (!tokens.prompt || !tokens.completion) return std::nullopt;
  return sum(*tokens.prompt, *tokens.completion);
}

std::int64_t micros(WallTime time) { return time.time_since_epoch().count(); }

std::uint32_t mark_if(bool is_set, std::uint32_t mark) { return is_set ? mark : 0; }

bool has_details(const LogRecord& record) {
  return !record.attempts.empty() || !record.dropped_params.empty() || record.error;
}

/// For texts that are short and mostly the same: without a call.
bool is_same(const std::string& text, const std::string& other) {
  const std::size_t size = text.size();
  if (size != other.size()) return false;
  std::uint64_t words[4];
  if (size < sizeof words[0] || size > 2 * sizeof words[0]) return text == other;
  std::memcpy(&words[0], text.data(), 8);
  std::memcpy(&words[1], other.data(), 8);
  std::memcpy(&words[2], text.data() + size - 8, 8);
  std::memcpy(&words[3], other.data() + size - 8, 8);
  return words[0] == words[1] && words[2] == words[3];
}

std::uint32_t marks_of_texts(const LogRecord& record, const LogRecord& before) {
  std::uint32_t marks = 0;
  for (std::size_t i = 0; i < kTexts.size(); ++i) {
    marks |= mark_if(!is_same(record.*kTexts[i], before.*kTexts[i]), 1U << i);
  }
  return marks;
}

std::uint32_t marks_of(const LogRecord& record, const LogRecord& before) {
  return marks_of_texts(record, before) | mark_if(record.status != before.status, kStatus) |
         mark_if(flags_of(record) != flags_of(before), kFlags) |
         mark_if(record.retry_count != before.retry_count, kRetries) |
         mark_if(record.metadata != before.metadata, kMetadata) |
         mark_if(record.headers != before.headers, kHeaders) |
         mark_if(record.times.first_byte.has_value(), kFirstByte) |
         mark_if(record.times.upstream.has_value(), kUpstream) |
         mark_if(record.tokens.prompt.has_value(), kPrompt) |
         mark_if(record.tokens.completion.has_value(), kCompletion) |
         mark_if(record.tokens.total != usual_total(record.tokens), kUnusualTotal) |
         mark_if(record.tokens.cached.has_value(), kCached) |
         mark_if(record.tokens.reasoning.has_value(), kReasoning) |
         mark_if(record.cost_nano_usd.has_value(), kCost) | mark_if(has_details(record), kDetails);
}

std::size_t room_for(const Pairs& pairs) {
  std::size_t room = ByteWriter::kLongestNumber;
  for (const auto& [name, value] : pairs) {
    room += name.size() + value.size() + 2 * ByteWriter::kLongestNumber;
  }
  return room;
}

/// At least what the record takes.
std::size_t room_for(const LogRecord& record, std::uint32_t marks) {
  constexpr std::size_t kNumbers = 24;  // more than there are
  std::size_t room = sizeof marks + kNumbers * ByteWriter::kLongestNumber + record.id.size() +
                     record.trace_id.size();
  for (std::uint32_t texts = marks & (kStatus - 1); texts != 0; texts &= texts - 1) {
    room += (record.*kTexts[static_cast<std::size_t>(std::countr_zero(texts))]).size() +
            ByteWriter::kLongestNumber;
  }
  if ((marks & kMetadata) != 0) room += room_for(record.metadata);
  if ((marks & kHeaders) != 0) room += room_for(record.headers);
  return room;
}

void write_id(ByteWriter& out, const std::string& id, const std::optional<UuidBytes>& uuid) {
  if (uuid) {
    out.number(0);
    out.bytes(uuid->data(), uuid->size());
  } else {
    out.number(id.size() + 1);
    out.bytes(id.data(), id.size());
  }
}

void write_pairs(ByteWriter& out, const Pairs& pairs) {
  out.number(pairs.size());
  for (const auto& [name, value] : pairs) {
    out.text(name);
    out.text(value);
  }
}

void read_pairs(ByteReader& in, Pairs& pairs) {
  pairs.clear();
  for (std::uint64_t left = in.number(); left > 0 && !in.has_failed(); --left) {
    const std::string_view name = in.text();
    pairs.emplace_back(name, in.text());
  }
}

void write_answer(ByteWriter& out, const LogRecord& record, std::uint32_t marks) {
  if ((marks & kStatus) != 0) out.signed_number(record.status);
  if ((marks & kFlags) != 0) out.number(flags_of(record));
  if ((marks & kRetries) != 0) out.signed_number(record.retry_count);
  if ((marks & kMetadata) != 0) write_pairs(out, record.metadata);
  if ((marks & kHeaders) != 0) write_pairs(out, record.headers);
}

void write_measures(ByteWriter& out, const LogRecord& record, std::uint32_t marks) {
  const TokenCounts& tokens = record.tokens;
  if (record.times.first_byte) out.signed_number(record.times.first_byte->count());
  if (record.times.upstream) out.signed_number(record.times.upstream->count());
  if (tokens.prompt) out.signed_number(*tokens.prompt);
  if (tokens.completion) out.signed_number(*tokens.completion);
  if ((marks & kUnusualTotal) != 0) {
    out.number(tokens.total.has_value() ? 1 : 0);
    if (tokens.total) out.signed_number(*tokens.total);
  }
  if (tokens.cached) out.signed_number(*tokens.cached);
  if (tokens.reasoning) out.signed_number(*tokens.reasoning);
  if (record.cost_nano_usd) out.signed_number(*record.cost_nano_usd);
}

const LogRecord& empty_record() {
  static const LogRecord empty;
  return empty;
}

}  // namespace

void set_flags(std::uint64_t flags, LogRecord& record) {
  record.ending = static_cast<Ending>(flags & 3U);
  record.streaming = static_cast<Streaming>(flags >> kStreamingBit & 1U);
  record.request.state = static_cast<BodyState>(flags >> kRequestBits & 3U);
  record.response.state = static_cast<BodyState>(flags >> kResponseBits & 3U);
}

void RecordPacker::begin() {
  constexpr std::size_t kUsual = kFullBytes + 250;  // the last record may go beyond
  blob_.reserve(kUsual);
  blob_.assign(1, kFormat);
  blob_.append(kBaseBytes, '\0');
  before_ = &empty_record();
  body_before_ = 0;
}

void RecordPacker::set_body_base(std::int64_t place) {
  ByteWriter out(blob_.data() + 1);
  out.fixed(static_cast<std::uint32_t>(place));
  out.fixed(static_cast<std::uint32_t>(static_cast<std::uint64_t>(place) >> 32U));
}

std::optional<UuidBytes> RecordPacker::add(const LogRecord& record, BodyPlace body) {
  const std::optional<UuidBytes> id = bytes_of_uuid(record.id);
  const std::uint32_t marks = marks_of(record, *before_) | mark_if(body.has_value(), kBody);
  details_.clear();
  if ((marks & kDetails) != 0) append_details(details_, record);
  const std::size_t begin = blob_.size();
  const std::size_t room = room_for(record, marks) + details_.size();
  blob_.resize_and_overwrite(begin + room, [&](char* blob, std::size_t) {
    ByteWriter out(blob + begin);
    out.fixed(marks);
    write_id(out, record.id, id);
    write_id(out, record.trace_id, bytes_of_uuid(record.trace_id));
    out.signed_number(difference(micros(record.started), micros(before_->started)));
    out.signed_number(record.times.total.count());
    out.signed_number(record.times.gateway.count());
    for (std::uint32_t texts = marks & (kStatus - 1); texts != 0; texts &= texts - 1) {
      out.text(record.*kTexts[static_cast<std::size_t>(std::countr_zero(texts))]);
    }
    write_answer(out, record, marks);
    write_measures(out, record, marks);
    if (body) out.signed_number(difference(*body, body_before_));
    if ((marks & kDetails) != 0) out.text(details_);
    return static_cast<std::size_t>(out.end() - blob);
  });
  before_ = &record;
  if (body) body_before_ = *body;
  return id;
}

void RecordReader::open(std::string_view blob) {
  const bool has_base = blob.starts_with(kFormat);
  const bool is_known = has_base || blob.starts_with(kFormatWithoutBase);
  bytes_ = ByteReader(is_known ? blob.substr(1) : std::string_view());
  for (std::string LogRecord::* const text : kTexts) (record_.*text).clear();
  record_.started = {};
  record_.status = 0;
  record_.retry_count = 0;
  set_flags(0, record_);
  record_.metadata.clear();
  record_.headers.clear();
  body_before_ = 0;
  if (!has_base) return;
  const std::uint64_t low = bytes_.fixed();
  body_before_ = static_cast<std::int64_t>(std::uint64_t{bytes_.fixed()} << 32U | low);
}

bool RecordReader::next() {
  if (bytes_.left() == 0) return false;
  const std::uint32_t marks = bytes_.fixed();
  id_ = read_id();
  trace_id_ = read_id();
  record_.started = WallTime(microseconds(sum(micros(record_.started), bytes_.signed_number())));
  record_.times.total = microseconds(bytes_.signed_number());
  record_.times.gateway = microseconds(bytes_.signed_number());
  for (std::uint32_t texts = marks & (kStatus - 1); texts != 0; texts &= texts - 1) {
    record_.*kTexts[static_cast<std::size_t>(std::countr_zero(texts))] = bytes_.text();
  }
  read_answer(marks);
  read_measures(marks);
  details_ = (marks & kDetails) != 0 ? bytes_.text() : std::string_view();
  return !bytes_.has_failed();
}

RecordReader::PackedId RecordReader::read_id() {
  const std::uint64_t length = bytes_.number();
  if (length > 0) return {bytes_.bytes(length - 1), false};
  return {bytes_.bytes(sizeof(UuidBytes)), true};
}

std::string RecordReader::PackedId::text() const {
  if (!is_uuid) return std::string(bytes);
  UuidBytes uuid{};
  std::ranges::copy(bytes, uuid.begin());
  return text_of_uuid(uuid);
}

void RecordReader::read_answer(std::uint32_t marks) {
  if ((marks & kStatus) != 0) record_.status = static_cast<int>(bytes_.signed_number());
  if ((marks & kFlags) != 0) set_flags(bytes_.number(), record_);
  if ((marks & kRetries) != 0) record_.retry_count = static_cast<int>(bytes_.signed_number());
  if ((marks & kMetadata) != 0) read_pairs(bytes_, record_.metadata);
  if ((marks & kHeaders) != 0) read_pairs(bytes_, record_.headers);
}

void RecordReader::read_measures(std::uint32_t marks) {
  const auto number_if = [&](std::uint32_t mark) {
    return (marks & mark) != 0 ? std::optional(bytes_.signed_number()) : std::nullopt;
  };
  const auto time_if = [&](std::uint32_t mark) {
    const std::optional<std::int64_t> count = number_if(mark);
    return count ? std::optional(microseconds(*count)) : std::nullopt;
  };
  record_.times.first_byte = time_if(kFirstByte);
  record_.times.upstream = time_if(kUpstream);
  TokenCounts& tokens = record_.tokens;
  tokens.prompt = number_if(kPrompt);
  tokens.completion = number_if(kCompletion);
  tokens.total = usual_total(tokens);
  if ((marks & kUnusualTotal) != 0) {
    tokens.total.reset();
    if (bytes_.number() != 0) tokens.total = bytes_.signed_number();
  }
  tokens.cached = number_if(kCached);
  tokens.reasoning = number_if(kReasoning);
  record_.cost_nano_usd = number_if(kCost);
  body_.reset();
  if ((marks & kBody) != 0) body_ = body_before_ = sum(body_before_, bytes_.signed_number());
}

LogRecord RecordReader::whole_record() const {
  LogRecord whole = record_;
  whole.id = id();
  whole.trace_id = trace_id_.text();
  if (!details_.empty()) static_cast<void>(read_details(details_, whole));
  return whole;
}

}  // namespace gatehouse::logs
