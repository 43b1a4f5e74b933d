// Heads of HTTP/1.1 messages (RFC 9110, RFC 9112): parsing inwards, writing outwards.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace gatehouse::http {

/// One header field. Views into the head's bytes.
struct Field {
  std::string_view name;   // as sent; compare without case
  std::string_view value;  // without surrounding blanks
};

/// Field lookup over a parsed head. Linear: heads have some fifteen fields.
class Fields {
 public:
  void clear() { list_.clear(); }
  void add(Field field) { list_.push_back(field); }
  void reserve(std::size_t fields) { list_.reserve(fields); }
  std::size_t size() const { return list_.size(); }
  auto begin() const { return list_.begin(); }
  auto end() const { return list_.end(); }

  /// The value of the first field of that name, or empty.
  std::string_view get(std::string_view name) const;
  /// Tells an absent field from an empty one.
  bool has(std::string_view name) const;

 private:
  std::vector<Field> list_;
};

/// How the bytes of a body are delimited (RFC 9112 section 6.3).
enum class Framing : std::uint8_t { none, length, chunked, until_close };

struct RequestHead {
  std::string_view method;
  std::string_view target;  // as sent: "/v1/chat/completions?x=1"
  std::string_view path;    // without the query
  std::string_view query;   // without the '?'
  Fields fields;
  Framing framing = Framing::none;
  std::uint64_t content_length = 0;
  bool is_http11 = true;
  bool is_keep_alive = true;
  bool expects_continue = false;

  /// Empty again, with the memory of its fields kept for the next head.
  void reset() {
    Fields kept = std::move(fields);
    kept.clear();
    *this = RequestHead{};
    fields = std::move(kept);
  }
};

struct ResponseHead {
  int status = 0;
  std::string_view reason;
  Fields fields;
  Framing framing = Framing::none;
  std::uint64_t content_length = 0;
  bool is_keep_alive = true;

  /// As RequestHead's.
  void reset() {
    Fields kept = std::move(fields);
    kept.clear();
    *this = ResponseHead{};
    fields = std::move(kept);
  }
};

/// Beyond these a head is refused with 431.
struct HeadLimits {
  std::size_t bytes = 64 * 1024;
  std::size_t fields = 128;
};

/// The length of the head at the start of `bytes`, its empty line included; 0 while incomplete.
/// `scanned` remembers how far earlier calls have looked.
std::size_t find_end_of_head(std::string_view bytes, std::size_t& scanned);

/// Parses a whole head. Strict where leniency lets requests be smuggled or split: bare LF, NUL,
/// folded lines, blanks before the colon, Content-Length beside Transfer-Encoding, several or
/// malformed lengths, transfer codings other than a final chunked, a missing or second Host are all
/// refused. Error: invalid_request or head_too_large; the connection cannot go on after it.
Result<void> parse_request_head(std::string_view text, const HeadLimits& limits, RequestHead& head);

/// `method` is that of the request, since HEAD has no body. Error: upstream_malformed.
Result<void> parse_response_head(std::string_view text, std::string_view method,
                                 ResponseHead& head);

/// Header fields on their way out, already as text. Values cannot break the line.
class FieldLines {
 public:
  void add(std::string_view name, std::string_view value);
  /// With a value in two parts: "Bearer " and a key.
  void add(std::string_view name, std::string_view prefix, std::string_view value);
  void add(std::string_view name, std::uint64_t number);
  /// Appends lines that were written before, each ended by CRLF.
  void append(const FieldLines& other) {
    text_ += other.text_;
    has_date_ = has_date_ || other.has_date_;
  }
  /// The same for lines that are the same in many messages, none of them a date.
  void append(std::string_view lines) { text_ += lines; }
  bool has(std::string_view name) const;
  /// has("date"), without a look: every answer is asked for it.
  bool has_date() const { return has_date_; }
  std::string_view text() const { return text_; }
  bool is_empty() const { return text_.empty(); }
  void reserve(std::size_t bytes) { text_.reserve(bytes); }

 private:
  std::string text_;
  bool has_date_ = false;
};

/// True for the fields that end at each hop (RFC 9110 section 7.6.1) and for those that describe
/// the framing of this one message.
bool is_hop_by_hop(std::string_view name);

/// A token of RFC 9110 section 5.6.2: what a method or a field name may be.
bool is_token(std::string_view text);

/// "Not Found" for 404.
std::string_view reason_of(int status);

}  // namespace gatehouse::http
