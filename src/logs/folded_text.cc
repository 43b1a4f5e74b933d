#include "logs/folded_text.h"

namespace gatehouse::logs {
namespace {

/// Goes from piece to piece.
class FoldReader {
 public:
  explicit FoldReader(std::string_view folded) : in_(folded) {}

  /// Reads the piece's number; false at the end, and where the bytes are no folded text.
  bool next() {
    if (in_.left() == 0 || in_.has_failed()) return false;
    const std::uint64_t number = in_.number();
    is_alike_ = number % 2 != 0;
    count_ = number / 2;
    if (!is_alike_) as_is_ = in_.bytes(count_);
    return !in_.has_failed();
  }
  bool is_alike() const { return is_alike_; }
  /// This piece, or the last one before it that stands as it came.
  std::string_view as_is() const { return as_is_; }

  /// Appends the piece, which is like the last one, to the text; false if it is damaged.
  bool append_alike(std::string& text, std::size_t limit) {
    std::string_view rest = as_is_;
    for (; count_ > 0; --count_) {
      const std::uint64_t kept = in_.number();
      const std::uint64_t replaced = in_.number();
      const std::string_view by = in_.text();
      if (in_.has_failed() || kept > rest.size() || replaced > rest.size() - kept) return false;
      text.append(rest.substr(0, kept)).append(by);
      rest.remove_prefix(kept + replaced);
      if (text.size() > limit) return false;
    }
    text.append(rest);
    return text.size() <= limit;
  }
  /// Steps over it.
  void skip_alike() {
    for (; count_ > 0 && !in_.has_failed(); --count_) {
      in_.number();
      in_.number();
      in_.text();
    }
  }

 private:
  ByteReader in_;
  bool is_alike_ = false;
  std::uint64_t count_ = 0;
  std::string_view as_is_;
};

}  // namespace

void fold_as_is(std::string_view piece, std::string& into) {
  const std::size_t begin = into.size();
  const std::size_t most = begin + ByteWriter::kLongestNumber + piece.size();
  into.resize_and_overwrite(most, [&](char* bytes, std::size_t /*size*/) {
    ByteWriter out(bytes + begin);
    out.number(2 * piece.size());
    out.bytes(piece.data(), piece.size());
    return static_cast<std::size_t>(out.end() - bytes);
  });
}

std::string unfolded(std::string_view folded, std::size_t limit) {
  std::string text;
  for (FoldReader reader(folded); reader.next();) {
    const std::size_t before = text.size();
    if (!reader.is_alike()) text += reader.as_is();
    const bool is_good =
        reader.is_alike() ? reader.append_alike(text, limit) : text.size() <= limit;
    if (is_good) continue;
    text.resize(before);
    break;
  }
  return text;
}

std::string pieces_as_is(std::string_view folded) {
  std::string pieces;
  for (FoldReader reader(folded); reader.next();) {
    if (reader.is_alike()) {
      reader.skip_alike();
    } else {
      pieces += reader.as_is();
    }
  }
  return pieces;
}

}  // namespace gatehouse::logs
