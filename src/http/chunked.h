// The chunked transfer coding (RFC 9112 section 7.1), decoded in place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "base/result.h"

namespace gatehouse::http {

class ChunkedDecoder {
 public:
  struct Step {
    std::size_t payload = 0;   // decoded bytes, now at the front of the buffer
    std::size_t consumed = 0;  // encoded bytes used; the rest belongs to the next message
  };
  /// Decodes as much as there is; chunks that came together are moved together. Strict: CRLF only,
  /// lengths of at most 16 hex digits, bounded extensions and trailers (which are dropped).
  /// What came before bad bytes is given first, the error by the next call.
  /// Error: invalid_request; the caller says whose.
  Result<Step> decode(std::span<char> bytes);
  bool is_finished() const { return state_ == State::finished; }
  bool has_failed() const { return failure_.has_value(); }

 private:
  enum class State : std::uint8_t {
    size,
    extension,
    size_lf,
    data,
    data_cr,
    data_lf,
    trailer_start,
    trailer,
    trailer_lf,
    end_lf,
    finished
  };
  Result<void> step(char c);
  Result<void> take_size_digit(char c);

  State state_ = State::size;
  std::uint64_t left_ = 0;  // of the chunk
  unsigned digits_ = 0;
  std::size_t overhead_ = 0;  // bytes of extensions and trailers so far
  std::optional<Error> failure_;
};

}  // namespace gatehouse::http
