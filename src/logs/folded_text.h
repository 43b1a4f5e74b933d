// The text of an event stream, of which most events are like another but for a word: of those the
// word is kept. An event of 240 bytes then takes ten or so.
//
// A folded text is a sequence of pieces (packed_bytes.h), each of them one of these:
//   number: 2 * size; as many bytes as they came
//   number: 2 * count + 1; as many replacements. What the piece is like is the last one that stands
//           as it came. Of each replacement: number: how many bytes of that stand behind the last
//           replacement, number: how many bytes are replaced, text: by what
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "logs/packed_bytes.h"

namespace gatehouse::logs {

/// Appends a piece as it came. There is at least one byte.
void fold_as_is(std::string_view piece, std::string& into);

/// What stands in the last piece that was appended as it came, and by what it is replaced.
struct Replacement {
  std::size_t begin = 0;
  std::size_t size = 0;
  std::string_view text;
};

/// Appends a piece that is like that one, but for the replacements: in order, none over another.
/// Those of another type have the same members.
template <class Each>
void fold_alike(std::span<const Each> replacements, std::string& into) {
  std::size_t most = into.size() + ByteWriter::kLongestNumber;
  for (const Each& each : replacements) most += 3 * ByteWriter::kLongestNumber + each.text.size();
  into.resize_and_overwrite(most, [&, begin = into.size()](char* bytes, std::size_t /*size*/) {
    ByteWriter out(bytes + begin);
    out.number(2 * replacements.size() + 1);
    std::size_t end = 0;
    for (const Each& each : replacements) {
      out.number(each.begin - end);
      out.number(each.size);
      out.text(each.text);
      end = each.begin + each.size;
    }
    return static_cast<std::size_t>(out.end() - bytes);
  });
}

/// The text as it came. Where the bytes are no folded text, what could be read before them; never
/// more than `limit` bytes, which shall keep damaged bytes from filling the memory.
std::string unfolded(std::string_view folded, std::size_t limit = std::size_t{1} << 30U);

/// The pieces that stand as they came, one behind the other.
std::string pieces_as_is(std::string_view folded);

}  // namespace gatehouse::logs
