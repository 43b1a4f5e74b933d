#include "json/scan.h"

#include <simdjson.h>

#include <memory>

namespace gatehouse::json {
namespace {

// simdjson works in two stages. The first finds, with vector instructions and on exactly the bytes
// of the text, where every bracket, comma, colon, string and scalar begins, and checks UTF-8 and
// the quotes. Reading a top level needs only that list, so the second stage (and On-Demand, which
// wants 64 readable bytes behind the text) is left out. Its interface is public but not documented;
// it has been the same from simdjson 1.0 on.
using Indexer = simdjson::internal::dom_parser_implementation;

// Each thread keeps an indexer for texts up to this size. Bigger ones are rare, and an indexer
// takes four bytes for each byte of its capacity, so those get one of their own.
constexpr std::size_t kKeptCapacity = 256 * 1024;
constexpr std::size_t kUsualMembers = 16;

std::unique_ptr<Indexer> make_indexer(std::size_t capacity) {
  std::unique_ptr<Indexer> indexer;
  // The depth is the second stage's affair, but must be positive.
  const simdjson::error_code error =
      simdjson::get_active_implementation()->create_dom_parser_implementation(capacity, 1, indexer);
  return error == simdjson::SUCCESS ? std::move(indexer) : nullptr;
}

std::unexpected<Error> wrong_at(std::size_t offset, std::string_view what) {
  return fail(client_error(
      ErrorCode::invalid_request,
      "The JSON is not valid at byte " + std::to_string(offset) + ": " + std::string(what) + "."));
}

// The first stage tells what is wrong but not where; these find the place once it is known to
// exist.
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

std::unexpected<Error> wrong_string(std::string_view text) {
  std::size_t opened = std::string_view::npos;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_inside = opened != std::string_view::npos;
    if (is_inside && static_cast<unsigned char>(text[i]) < 0x20) {
      return wrong_at(i, "a control character in a string must be escaped");
    }
    if (is_inside && text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      opened = is_inside ? std::string_view::npos : i;
    }
  }
  return wrong_at(opened == std::string_view::npos ? text.size() : opened,
                  "a string is not closed");
}

std::unexpected<Error> index_failure(simdjson::error_code error, std::string_view text) {
  switch (error) {
    case simdjson::EMPTY: return wrong_at(0, "the text is empty");
    case simdjson::UTF8_ERROR: return wrong_at(first_wrong_utf8(text), "the text must be UTF-8");
    case simdjson::UNCLOSED_STRING:
    case simdjson::UNESCAPED_CHARS: return wrong_string(text);
    default: return wrong_at(0, simdjson::error_message(error));
  }
}

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

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
  if (token.front() == '"') return token.size() > 1 && token.back() == '"';
  return token == "true" || token == "false" || token == "null" || is_number(token);
}

/// Walks the list of places where something begins, once, without recursion.
class Walk {
 public:
  Walk(std::string_view text, const Indexer& indexer)
      : text_(text),
        places_(indexer.structural_indexes.get()),
        count_(indexer.n_structural_indexes) {}

  Result<std::vector<Member>> members() {
    std::vector<Member> found;
    const auto read_one = [&]() -> Result<void> {
      Result<Member> member = read_member();
      if (!member) return fail(std::move(member.error()));
      found.push_back(*member);
      return {};
    };
    if (here() != '{') return wrong_at(offset(), "a JSON object is expected, starting with '{'");
    found.reserve(kUsualMembers);
    if (Result<void> read = read_list('}', read_one); !read) return fail(std::move(read.error()));
    return found;
  }

  Result<std::vector<std::string_view>> elements() {
    std::vector<std::string_view> found;
    const auto read_one = [&]() -> Result<void> {
      const Result<std::string_view> value = read_value();
      if (!value) return fail(value.error());
      found.push_back(*value);
      return {};
    };
    if (here() != '[') return wrong_at(offset(), "a JSON array is expected, starting with '['");
    if (Result<void> read = read_list(']', read_one); !read) return fail(std::move(read.error()));
    return found;
  }

 private:
  /// The byte at the current place; NUL, which begins nothing, behind the last one.
  char here() const { return next_ < count_ ? text_[places_[next_]] : '\0'; }
  std::size_t offset() const { return next_ < count_ ? places_[next_] : text_.size(); }

  /// From the current place up to the next one, without the space between them. Steps over it.
  std::string_view take_token() {
    const std::size_t from = offset();
    ++next_;
    std::size_t to = offset();
    while (to > from && is_space(text_[to - 1])) --to;
    return text_.substr(from, to - from);
  }

  /// From the opening bracket to the closing one and the end of the text behind it.
  template <class ReadOne>
  Result<void> read_list(char close, const ReadOne& read_one) {
    ++next_;
    if (here() == close) return end();
    while (true) {
      if (Result<void> read = read_one(); !read) return read;
      if (here() == close) return end();
      if (here() != ',') {
        return wrong_at(offset(), std::string("',' or '") + close + "' is expected after a value");
      }
      ++next_;
    }
  }

  Result<Member> read_member() {
    Member member;
    member.key_offset = offset();
    if (here() != '"') return wrong_at(offset(), "a key in double quotes is expected");
    const std::string_view key = take_token();
    if (!is_scalar(key) || here() != ':') return wrong_at(offset(), "':' is expected after a key");
    member.key = key.substr(1, key.size() - 2);
    member.is_key_escaped = member.key.contains('\\');
    ++next_;
    member.value_offset = offset();
    Result<std::string_view> value = read_value();
    if (!value) return fail(std::move(value.error()));
    member.value = *value;
    return member;
  }

  Result<std::string_view> read_value() {
    const std::size_t from = offset();
    if (here() == '{' || here() == '[') {
      if (Result<void> skipped = skip_nested(); !skipped) return fail(std::move(skipped.error()));
      return text_.substr(from, places_[next_ - 1] + 1 - from);
    }
    const std::string_view token = take_token();
    if (token.empty() || !is_scalar(token)) return wrong_at(from, "a value is expected");
    return token;
  }

  /// Steps over an object or array of any depth, matching brackets only.
  Result<void> skip_nested() {
    open_.clear();
    do {
      const char c = here();
      if (c == '{' || c == '[') {
        open_.push_back(c == '{' ? '}' : ']');
      } else if (c == '}' || c == ']') {
        if (open_.back() != c) return wrong_at(offset(), "this bracket closes another kind");
        open_.pop_back();
      } else if (next_ >= count_) {
        return wrong_at(text_.size(), "an object or array is not closed");
      }
      ++next_;
    } while (!open_.empty());
    return {};
  }

  Result<void> end() {
    ++next_;
    if (next_ < count_) return wrong_at(offset(), "nothing may follow the last bracket");
    return {};
  }

  std::string_view text_;
  const std::uint32_t* places_;
  std::size_t count_;
  std::size_t next_ = 0;
  std::string open_;  // the brackets that must close, innermost last
};

/// The error that keeps `text` from being walked, if there is one.
Result<void> run_first_stage(Indexer* indexer, std::string_view text) {
  if (indexer == nullptr) {
    return fail(client_error(ErrorCode::body_too_large, "The JSON text is too large to be read."));
  }
  const simdjson::error_code error =
      text.empty() ? simdjson::EMPTY
                   : indexer->stage1(reinterpret_cast<const std::uint8_t*>(text.data()),
                                     text.size(), simdjson::stage1_mode::regular);
  if (error != simdjson::SUCCESS) return index_failure(error, text);
  return {};
}

template <class Found>
Result<Found> scan(std::string_view text, Result<Found> (Walk::*walk)()) {
  thread_local const std::unique_ptr<Indexer> kept = make_indexer(kKeptCapacity);
  const std::unique_ptr<Indexer> own =
      text.size() > kKeptCapacity ? make_indexer(text.size()) : nullptr;
  Indexer* indexer = text.size() > kKeptCapacity ? own.get() : kept.get();
  if (Result<void> indexed = run_first_stage(indexer, text); !indexed) {
    return fail(std::move(indexed.error()));
  }
  Walk over(text, *indexer);
  return (over.*walk)();
}

}  // namespace

Result<std::vector<Member>> scan_object(std::string_view text) {
  return scan(text, &Walk::members);
}

Result<std::vector<std::string_view>> scan_array(std::string_view text) {
  return scan(text, &Walk::elements);
}

bool Member::has_key(std::string_view name) const {
  if (!is_key_escaped) return key == name;
  const std::string_view quoted{key.data() - 1, key.size() + 2};
  return unescape(quoted) == name;
}

const Member* find(const std::vector<Member>& members, std::string_view key) {
  for (std::size_t i = members.size(); i-- > 0;) {
    if (members[i].has_key(key)) return &members[i];
  }
  return nullptr;
}

}  // namespace gatehouse::json
