#include "json/scan.h"

#include <simdjson.h>

#include <array>

#include "base/marked_text.h"

namespace gatehouse::json {
namespace {

constexpr std::size_t kUsualMembers = 16;

std::unexpected<Failure> wrong_at(std::size_t offset, std::string_view what) {
  return fail(client_error(
      ErrorCode::invalid_request,
      "The JSON is not valid at byte " + std::to_string(offset) + ": " + std::string(what) + "."));
}

/// For a text that is known to have such a place.
std::size_t first_wrong_utf8(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size()) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (length > text.size() - i) return i;
    if (length > 1 && !simdjson::validate_utf8(text.data() + i, length)) return i;
    i += length;
  }
  return i;
}

bool is_space(char c) {
  return static_cast<unsigned char>(c) <= ' ' && (c == ' ' || c == '\n' || c == '\r' || c == '\t');
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t skip_digits(std::string_view token, std::size_t from) {
  while (from < token.size() && is_digit(token[from])) ++from;
  return from;
}

// number = [ "-" ] int [ "." 1*DIGIT ] [ ("e" / "E") [ "-" / "+" ] 1*DIGIT ]   (RFC 8259, section
// 6)
bool is_number(std::string_view token) {
  std::size_t i = token.starts_with('-') ? 1 : 0;
  const std::size_t whole = i;
  i = skip_digits(token, i);
  if (i == whole || (token[whole] == '0' && i > whole + 1)) return false;
  if (i < token.size() && token[i] == '.') {
    const std::size_t fraction = ++i;
    i = skip_digits(token, i);
    if (i == fraction) return false;
  }
  if (i < token.size() && (token[i] == 'e' || token[i] == 'E')) {
    ++i;
    if (i < token.size() && (token[i] == '+' || token[i] == '-')) ++i;
    const std::size_t exponent = i;
    i = skip_digits(token, i);
    if (i == exponent) return false;
  }
  return i == token.size();
}

bool is_scalar(std::string_view token) {
  if (token.empty()) return false;
  switch (token.front()) {
    case 't': return token == "true";
    case 'f': return token == "false";
    case 'n': return token == "null";
    default: return is_number(token);
  }
}

constexpr std::array<bool, 256> ends_of_scalars() {
  std::array<bool, 256> ends{};
  for (const char c : std::string_view(" \n\r\t,:{}[]\""))
    ends[static_cast<unsigned char>(c)] = true;
  return ends;
}
constexpr std::array<bool, 256> kEndsScalar = ends_of_scalars();

/// What ends a string, or must not stand in it as it is.
struct InString {
  [[gnu::always_inline]] static Bytes64 marks(const Bytes64& bytes) {
    return bytes.equal('"') | bytes.equal('\\') | bytes.between(0, 0x1f);
  }
};

/// What matters between the strings of an object or array.
struct InNested {
  [[gnu::always_inline]] static Bytes64 marks(const Bytes64& bytes) {
    const Bytes64 folded = bytes.with_bits('{' - '[');
    return folded.equal('{') | folded.equal('}') | bytes.equal('"') | bytes.equal('\\');
  }
};

constexpr std::size_t kNowhere = std::string_view::npos;

/// Walks over a text once, without recursion. Most of a text lies inside strings, which are passed
/// over many bytes at a time. What is false has noted what is wrong.
class Walk {
 public:
  explicit Walk(std::string_view text) : text_(text), marked_(text) {}

  Result<std::vector<Member>> members() {
    std::vector<Member> found;
    found.reserve(kUsualMembers);
    const bool is_object =
        open_list('{', "a JSON object is expected, starting with '{'") &&
        read_list('}', "',' or '}' is expected after a value",
                  [&](char first) { return read_member(first, found.emplace_back()); }) &&
        end();
    if (!is_object) return wrong_at(wrong_, what_);
    return found;
  }

  Result<std::vector<std::string_view>> elements() {
    std::vector<std::string_view> found;
    const bool is_array =
        open_list('[', "a JSON array is expected, starting with '['") &&
        read_list(']', "',' or ']' is expected after a value",
                  [&](char first) { return read_value(first, found.emplace_back()); }) &&
        end();
    if (!is_array) return wrong_at(wrong_, what_);
    return found;
  }

 private:
  bool is_wrong(std::size_t offset, std::string_view what) {
    wrong_ = offset;
    what_ = what;
    return false;
  }

  /// Steps over the space here, and tells what stands behind it; NUL, which begins nothing, behind
  /// the last byte.
  char behind_space() {
    for (; at_ < text_.size(); ++at_) {
      if (!is_space(text_[at_])) return text_[at_];
    }
    return '\0';
  }

  bool open_list(char bracket, std::string_view expected) {
    if (behind_space() != bracket) {
      return at_ == text_.size() ? is_wrong(0, "the text is empty") : is_wrong(at_, expected);
    }
    ++at_;
    return true;
  }

  /// From behind the opening bracket to behind the closing one.
  template <class ReadOne>
  bool read_list(char close, std::string_view expected, const ReadOne& read_one) {
    char next = behind_space();
    while (next != close) {
      if (!read_one(next)) return false;
      next = behind_space();
      if (next == close) break;
      if (next != ',') return is_wrong(at_, expected);
      ++at_;
      next = behind_space();
      if (next == close) return read_one(next);  // which begins neither a key nor a value
    }
    ++at_;
    return true;
  }

  bool read_member(char first, Member& member) {
    member.key_offset = at_;
    if (first != '"') return is_wrong(at_, "a key in double quotes is expected");
    has_escape_ = false;
    if (!skip_string()) return false;
    member.key = text_.substr(member.key_offset + 1, at_ - member.key_offset - 2);
    member.is_key_escaped = has_escape_;
    if (behind_space() != ':') return is_wrong(at_, "':' is expected after a key");
    ++at_;
    const char begin = behind_space();
    member.value_offset = at_;
    return read_value(begin, member.value);
  }

  bool read_value(char first, std::string_view& value) {
    const std::size_t from = at_;
    if (!skip_value(first)) return false;
    value = text_.substr(from, at_ - from);
    return true;
  }

  /// Steps over the value that begins with this byte.
  bool skip_value(char first) {
    if (first == '"') return skip_string();
    if (first == '{' || first == '[') return skip_nested();
    const std::size_t from = at_;
    std::size_t end = from;
    while (end < text_.size() && !kEndsScalar[static_cast<unsigned char>(text_[end])]) ++end;
    at_ = end;
    return is_scalar(text_.substr(from, end - from)) || is_wrong(from, "a value is expected");
  }

  /// Steps over the string whose opening quote stands here.
  bool skip_string() {
    const std::size_t close = end_of_string(at_);
    if (close == kNowhere) return false;
    at_ = close + 1;
    return true;
  }

  /// Where the string closes whose opening quote is at `open`; kNowhere if it is wrong.
  std::size_t end_of_string(std::size_t open) {
    const std::size_t at = marked_.find<InString>(open + 1);
    return at < text_.size() && text_[at] == '"' ? at : end_of_unusual_string(open, at);
  }

  /// The same from `at` on, where something else stands first.
  [[gnu::noinline]] std::size_t end_of_unusual_string(std::size_t open, std::size_t at) {
    while (at < text_.size() && text_[at] == '\\') {
      has_escape_ = true;
      ++at;
      if (at < text_.size() && (text_[at] == '"' || text_[at] == '\\')) ++at;
      at = marked_.find<InString>(at);
    }
    if (at < text_.size() && text_[at] == '"') return at;
    if (at == text_.size()) {
      is_wrong(open, "a string is not closed");
    } else {
      is_wrong(at, "a control character in a string must be escaped");
    }
    return kNowhere;
  }

  /// Steps over an object or array of any depth, matching brackets only. A backslash outside of
  /// strings belongs to no JSON; a quote behind it opens none, as for every scanner that pairs
  /// backslashes first.
  bool skip_nested() {
    open_.clear();
    std::size_t at = at_;
    do {
      at = marked_.find<InNested>(at);
      if (at == text_.size()) return is_wrong(at, "an object or array is not closed");
      const char c = text_[at];
      if (c == '"') {
        at = end_of_string(at);
        if (at == kNowhere) return false;
      } else if (c == '\\') {
        if (at + 1 < text_.size() && (text_[at + 1] == '"' || text_[at + 1] == '\\')) ++at;
      } else if (c == '{' || c == '[') {
        open_.push_back(c == '{' ? '}' : ']');
      } else {
        if (open_.back() != c) return is_wrong(at, "this bracket closes another kind");
        open_.pop_back();
      }
      ++at;
    } while (!open_.empty());
    at_ = at;
    return true;
  }

  /// Behind the last bracket.
  bool end() {
    if (behind_space(); at_ < text_.size()) {
      return is_wrong(at_, "nothing may follow the last bracket");
    }
    return marked_.is_ascii() || simdjson::validate_utf8(text_.data(), text_.size()) ||
           is_wrong(first_wrong_utf8(text_), "the text must be UTF-8");
  }

  std::string_view text_;
  MarkedText<InString, InNested> marked_;
  std::size_t at_ = 0;
  bool has_escape_ = false;  // of a string since this was set last
  std::string open_;         // the brackets that must close, innermost last
  std::size_t wrong_ = 0;
  std::string_view what_;
};

}  // namespace

Result<std::vector<Member>> scan_object(std::string_view text) { return Walk(text).members(); }

Result<std::vector<std::string_view>> scan_array(std::string_view text) {
  return Walk(text).elements();
}

bool Member::means(std::string_view name) const {
  const std::string_view quoted{key.data() - 1, key.size() + 2};
  return unescape(quoted) == name;
}

const Member* find(const std::vector<Member>& members, std::string_view key) {
  for (std::size_t i = members.size(); i-- > 0;) {
    const Member& member = members[i];
    const bool may_be = member.key.size() == key.size() || member.is_key_escaped;
    if (may_be && member.has_key(key)) return &member;
  }
  return nullptr;
}

}  // namespace gatehouse::json
