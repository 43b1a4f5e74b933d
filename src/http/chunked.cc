#include "http/chunked.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

namespace gatehouse::http {
namespace {

constexpr std::size_t kMaxOverhead = 16 * 1024;
constexpr unsigned kMaxDigits = 15;

std::unexpected<Failure> bad_chunk(const char* why) {
  return fail(
      client_error(ErrorCode::invalid_request, std::string("Bad chunked body: ") + why + "."));
}

constexpr std::array<std::int8_t, 256> kHexValues = [] {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (std::int8_t i = 0; i < 10; ++i) values[static_cast<std::size_t>('0' + i)] = i;
  for (std::int8_t i = 10; i < 16; ++i) {
    values[static_cast<std::size_t>('a' + i - 10)] = i;
    values[static_cast<std::size_t>('A' + i - 10)] = i;
  }
  return values;
}();

int hex_value(char c) { return kHexValues[static_cast<unsigned char>(c)]; }

constexpr std::string_view kLineEnd = "\r\n";

std::string_view rest_of(std::span<const char> bytes, std::size_t from) {
  return {bytes.data() + from, bytes.size() - from};
}

/// A line that says how much data the chunk has that follows it, and nothing else.
struct SizeLine {
  std::uint64_t size = 0;
  std::size_t length = 0;  // of the line; 0: there is no such line
};

SizeLine usual_size_line(std::string_view bytes) {
  constexpr std::size_t kMostUsual = 8;
  SizeLine line;
  std::size_t digits = 0;
  for (; digits < std::min(kMostUsual, bytes.size()); ++digits) {
    const int value = hex_value(bytes[digits]);
    if (value < 0) break;
    line.size = line.size * 16 + static_cast<std::uint64_t>(value);
  }
  if (line.size > 0 && bytes.substr(digits).starts_with(kLineEnd)) {
    line.length = digits + kLineEnd.size();
  }
  return line;
}

}  // namespace

/// A chunk that came whole and alone, as those of streams do; no payload if it did not.
ChunkedDecoder::Step ChunkedDecoder::whole_chunk(std::string_view bytes) const {
  if (state_ != State::size || digits_ > 0) return {};
  const SizeLine line = usual_size_line(bytes);
  const bool is_whole = line.length > 0 && bytes.ends_with(kLineEnd) &&
                        bytes.size() == line.length + line.size + kLineEnd.size();
  if (!is_whole) return {};
  return {line.length, line.size, bytes.size()};
}

/// What nearly always stands between the data of two chunks, at once. Says how much that was; 0 if
/// the bytes are to be looked at one by one.
std::size_t ChunkedDecoder::take_usual(std::string_view bytes) {
  if (state_ == State::data_cr && bytes.starts_with(kLineEnd)) {
    state_ = State::size;
    return kLineEnd.size();
  }
  if (state_ != State::size || digits_ > 0) return 0;
  const SizeLine line = usual_size_line(bytes);
  if (line.length == 0) return 0;
  left_ = line.size;
  state_ = State::data;
  return line.length;
}

Result<ChunkedDecoder::Step> ChunkedDecoder::decode(std::span<char> bytes) {
  if (failure_ != nullptr) return bad_chunk(failure_);
  if (const Step whole = whole_chunk(rest_of(bytes, 0)); whole.payload > 0) return whole;
  Step done;
  while (done.consumed < bytes.size() && state_ != State::finished) {
    if (state_ == State::data) {
      const std::size_t part =
          static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size() - done.consumed));
      if (done.payload == 0) {
        done.offset = done.consumed;
      } else {
        // Chunks that came together go on together: payload is moved up against payload.
        std::memmove(bytes.data() + done.offset + done.payload, bytes.data() + done.consumed, part);
      }
      done.payload += part;
      done.consumed += part;
      left_ -= part;
      if (left_ == 0) state_ = State::data_cr;
      continue;
    }
    if (const std::size_t taken = take_usual(rest_of(bytes, done.consumed)); taken > 0) {
      done.consumed += taken;
      continue;
    }
    failure_ = step(bytes[done.consumed++]);
    if (failure_ != nullptr) {
      if (done.payload == 0) return bad_chunk(failure_);
      done.consumed = bytes.size();
      return done;
    }
  }
  return done;
}

const char* ChunkedDecoder::take_size_digit(char c) {
  if (const int value = hex_value(c); value >= 0) {
    if (++digits_ > kMaxDigits) return "the length has too many digits";
    left_ = left_ * 16 + static_cast<std::uint64_t>(value);
    return nullptr;
  }
  if (digits_ == 0) return "a length must be hexadecimal";
  if (c == '\r') {
    state_ = State::size_lf;
  } else if (c == ';' || c == ' ' || c == '\t') {
    state_ = State::extension;
  } else {
    return "a length must be hexadecimal";
  }
  return nullptr;
}

const char* ChunkedDecoder::step(char c) {
  const auto expect = [&](char wanted, State next) -> const char* {
    if (c != wanted) return "lines must end with CRLF";
    state_ = next;
    return nullptr;
  };
  switch (state_) {
    case State::size: return take_size_digit(c);
    case State::extension:
      if (c == '\n' || ++overhead_ > kMaxOverhead) return "bad extension";
      if (c == '\r') state_ = State::size_lf;
      return nullptr;
    case State::size_lf: {
      const bool is_last = left_ == 0;
      digits_ = 0;
      return expect('\n', is_last ? State::trailer_start : State::data);
    }
    case State::data_cr: return expect('\r', State::data_lf);
    case State::data_lf: return expect('\n', State::size);
    case State::trailer_start:
      if (c == '\r') {
        state_ = State::end_lf;
        return nullptr;
      }
      state_ = State::trailer;
      [[fallthrough]];
    case State::trailer:
      if (c == '\n' || ++overhead_ > kMaxOverhead) return "bad trailer";
      if (c == '\r') state_ = State::trailer_lf;
      return nullptr;
    case State::trailer_lf: return expect('\n', State::trailer_start);
    case State::end_lf: return expect('\n', State::finished);
    case State::data:
    case State::finished: return nullptr;
  }
  return nullptr;
}

}  // namespace gatehouse::http
