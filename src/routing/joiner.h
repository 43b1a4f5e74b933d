// Joins what another target says to the text that the client has got already. The other may go on
// from there, as it was asked to, or say everything again from the start; both become one text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace gatehouse::routing {

/// Protocol of use: feed() each piece of text as it comes; what it returns is what the client does
/// not have yet. finish() when the text has ended, for what was still held back. A beginning is
/// held back only as long as it could be either: kTelling characters at most.
class Joiner {
 public:
  static constexpr std::size_t kTelling = 32;

  explicit Joiner(std::string sent);

  /// Error: upstream_malformed; it began to repeat the text and then said something else.
  Result<std::string> feed(std::string_view text);
  /// Error: upstream_cut; it ended before it had repeated everything.
  Result<std::string> finish();

 private:
  enum class State : std::uint8_t { undecided, repeating, continuing };
  Result<std::string> decide();
  Result<std::string> skip_repeated(std::string_view text);
  std::string continued(std::string text);

  std::string sent_;  // without blanks at its start
  bool ends_blank_ = false;
  State state_ = State::undecided;
  std::string held_;
  std::size_t repeated_ = 0;  // bytes of sent_
};

}  // namespace gatehouse::routing
