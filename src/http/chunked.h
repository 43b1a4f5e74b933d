// The chunked transfer coding (RFC 9112 section 7.1), decoded in place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/result.h"

namespace gatehouse::http {

class ChunkedDecoder {
 public:
  struct Step {
    std::size_t offset = 0;    // of the decoded bytes, which stand together behind it
    std::size_t payload = 0;   // decoded bytes
    std::size_t consumed = 0;  // encoded bytes used; the rest belongs to the next message
  };
  /// Decodes as much as there is; chunks that came together are moved together. Strict: CRLF only,
  /// lengths of at most 16 hex digits, bounded extensions and trailers (which are dropped).
  /// What came before bad bytes is given first, the error by the next call.
  /// Error: invalid_request; the caller says whose.
  Result<Step> decode(std::span<char> bytes);
  bool is_finished() const { return state_ == State::finished; }
  bool has_failed() const { return failure_ != nullptr; }

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
  Step whole_chunk(std::string_view bytes) const;
  std::size_t take_usual(std::string_view bytes);
  // What is wrong with it, or nullptr.
  const char* step(char c);
  const char* take_size_digit(char c);

  State state_ = State::size;
  unsigned digits_ = 0;
  std::uint64_t left_ = 0;    // of the chunk
  std::size_t overhead_ = 0;  // bytes of extensions and trailers so far
  const char* failure_ = nullptr;
};

}  // namespace gatehouse::http
