#include "http/head.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "base/bytes16.h"
#include "base/bytes64.h"
#include "base/text.h"

namespace gatehouse::http {
namespace {

constexpr std::array<bool, 256> make_token_table() {
  std::array<bool, 256> table{};
  for (unsigned c = 'a'; c <= 'z'; ++c) table[c] = table[c - 32] = true;
  for (unsigned c = '0'; c <= '9'; ++c) table[c] = true;
  for (const char c : std::string_view("!#$%&'*+-.^_`|~"))
    table[static_cast<unsigned char>(c)] = true;
  return table;
}
constexpr std::array<bool, 256> kToken = make_token_table();

bool is_token_byte(char c) { return kToken[static_cast<unsigned char>(c)]; }

constexpr std::size_t kUsualBytes = 512;  // of the fields of one head
constexpr std::size_t kUsualFields = 16;

constexpr bool is_line_break(char c) { return c == '\r' || c == '\n'; }

constexpr auto kControls = [](Bytes16 bytes) { return bytes.between(0, 0x1f) | bytes.equal(0x7f); };

/// Where the token that starts at `from` ends. Nearly all are made of letters, digits and dashes.
std::size_t end_of_token(std::string_view text, std::size_t from) {
  std::size_t end = find_byte(text, from, [](Bytes16 bytes) {
    const Bytes16 usual =
        bytes.with_bits(0x20).between('a', 'z') | bytes.between('0', '9') | bytes.equal('-');
    return usual.unmarked();
  });
  while (end < text.size() && is_token_byte(text[end])) ++end;
  return end;
}

/// Where the field value that starts at `from` ends. field-content allows VCHAR, obs-text, SP and
/// HTAB; everything else splits or truncates somewhere.
std::size_t end_of_value(std::string_view text, std::size_t from) {
  return find_byte(text, from,
                   [](Bytes16 bytes) { return kControls(bytes).without(bytes.equal('\t')); });
}

bool is_line_end(std::string_view text, std::size_t at) {
  return at < text.size() && text.substr(at).starts_with("\r\n");
}

std::unexpected<Failure> bad_request(std::string message) {
  return fail(client_error(ErrorCode::invalid_request, std::move(message)));
}

/// Takes one line ended by CRLF off the front. A bare CR or LF inside is an error.
std::optional<std::string_view> take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos || end == 0 || text[end - 1] != '\r') return std::nullopt;
  const std::string_view line = text.substr(0, end - 1);
  text.remove_prefix(end + 1);
  return line;
}

struct FramingFields {
  std::string_view content_length;
  std::string_view transfer_encoding;
  std::size_t lengths = 0;
  std::size_t encodings = 0;
  std::size_t hosts = 0;
  bool says_close = false;
  bool says_keep_alive = false;
  bool expects_continue = false;
};

void note_connection(std::string_view value, FramingFields& framing) {
  for (const std::string_view option : split_list(value)) {
    if (equals_ignoring_case(option, "close")) framing.says_close = true;
    if (equals_ignoring_case(option, "keep-alive")) framing.says_keep_alive = true;
  }
}

// The fields that decide about the message itself, sorted out by length so that the usual field
// costs one comparison.
void note_framing(const Field& field, FramingFields& framing) {
  switch (field.name.size()) {
    case 4:
      if (equals_ignoring_case(field.name, "host")) ++framing.hosts;
      break;
    case 6:
      if (equals_ignoring_case(field.name, "expect")) {
        framing.expects_continue = equals_ignoring_case(field.value, "100-continue");
      }
      break;
    case 10:
      if (equals_ignoring_case(field.name, "connection")) note_connection(field.value, framing);
      break;
    case 14:
      if (equals_ignoring_case(field.name, "content-length")) {
        framing.content_length = field.value;
        ++framing.lengths;
      }
      break;
    case 17:
      if (equals_ignoring_case(field.name, "transfer-encoding")) {
        framing.transfer_encoding = field.value;
        ++framing.encodings;
      }
      break;
    default: break;
  }
}

/// What may stand around a value: a CR in there is no blank.
bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// What is wrong with the line at `from`, whose name or value ends too early.
std::unexpected<Failure> wrong_line(std::string_view text, std::size_t from) {
  std::string_view rest = text.substr(from);
  const std::optional<std::string_view> line = take_line(rest);
  if (!line) return bad_request("Header lines must end with CRLF.");
  if (line->starts_with(' ') || line->starts_with('\t')) {
    return bad_request("Folded header lines are not allowed.");
  }
  if (!line->contains(':')) return bad_request("A header line has no colon.");
  const std::string_view name = line->substr(0, end_of_token(*line, 0));
  if (name.empty() || (*line)[name.size()] != ':') {
    return bad_request("A header name is empty or holds a character that is not allowed there.");
  }
  return bad_request("The value of header '" + std::string(name) + "' holds a control character.");
}

struct ParsedFields {
  Fields& fields;
  FramingFields& framing;
};

/// The fields of `text` up to the empty line, in one pass.
Result<void> parse_fields(std::string_view text, std::size_t limit, ParsedFields into) {
  std::size_t at = 0;
  into.fields.reserve(kUsualFields);
  while (!is_line_end(text, at)) {
    if (into.fields.size() == limit) {
      return fail(client_error(ErrorCode::head_too_large,
                               "More than " + std::to_string(limit) + " header fields."));
    }
    const std::size_t colon = end_of_token(text, at);
    if (colon == at || colon == text.size() || text[colon] != ':') return wrong_line(text, at);
    std::size_t value = colon + 1;
    while (value < text.size() && is_blank(text[value])) ++value;
    const std::size_t end = end_of_value(text, value);
    if (!is_line_end(text, end)) return wrong_line(text, at);
    std::size_t value_end = end;
    while (value_end > value && is_blank(text[value_end - 1])) --value_end;
    const Field field{text.substr(at, colon - at), text.substr(value, value_end - value)};
    note_framing(field, into.framing);
    into.fields.add(field);
    at = end + 2;
  }
  return {};
}

std::optional<std::uint64_t> parse_length(std::string_view text) {
  // from_chars would take a sign; RFC 9110 section 8.6 allows digits only.
  if (text.empty() || !std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) {
    return std::nullopt;
  }
  return parse_number<std::uint64_t>(text);
}

Result<void> frame_request(const FramingFields& framing, RequestHead& head) {
  if (framing.encodings > 0) {
    if (framing.lengths > 0) {
      return bad_request("Content-Length and Transfer-Encoding in one request are not allowed.");
    }
    if (framing.encodings > 1 || !equals_ignoring_case(framing.transfer_encoding, "chunked")) {
      return bad_request("The only Transfer-Encoding taken is 'chunked', once.");
    }
    head.framing = Framing::chunked;
    return {};
  }
  if (framing.lengths == 0) return {};
  const std::optional<std::uint64_t> length = parse_length(framing.content_length);
  if (framing.lengths > 1 || !length) {
    return bad_request("Content-Length must be one decimal number, given once.");
  }
  head.framing = *length > 0 ? Framing::length : Framing::none;
  head.content_length = *length;
  return {};
}

/// Printable ASCII and nothing else.
bool is_target(std::string_view text) {
  const auto others = [](Bytes16 bytes) { return bytes.between(0x21, 0x7e).unmarked(); };
  return text.starts_with('/') && find_byte(text, 0, others) == text.size();
}

Result<std::string_view> parse_request_line(std::string_view line, RequestHead& head) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || last == first) {
    return bad_request("The request line must be: METHOD target HTTP/1.1");
  }
  head.method = line.substr(0, first);
  head.target = line.substr(first + 1, last - first - 1);
  const std::string_view version = line.substr(last + 1);
  if (!is_token(head.method)) return bad_request("The method is not a token.");
  if (!is_target(head.target)) {
    return bad_request("The request target must be a path that starts with '/'.");
  }
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    return bad_request("Only HTTP/1.1 and HTTP/1.0 are spoken here.");
  }
  const std::size_t question = head.target.find('?');
  head.path = head.target.substr(0, question);
  head.query = question == std::string_view::npos ? "" : head.target.substr(question + 1);
  return version;
}

}  // namespace

std::string_view Fields::get(std::string_view name) const {
  for (const Field& field : list_) {
    if (equals_ignoring_case(field.name, name)) return field.value;
  }
  return {};
}

bool Fields::has(std::string_view name) const {
  return std::ranges::any_of(
      list_, [name](const Field& field) { return equals_ignoring_case(field.name, name); });
}

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_token_byte);
}

namespace {

/// How far from `at` on no head ends, sixty-four places at once: it ends where two returns stand
/// two apart, and then what is between and behind them is looked at.
[[gnu::always_inline]] inline std::size_t skip_lines(std::string_view bytes, std::size_t at) {
  for (; bytes.size() - at >= Bytes64::kSize + 2; at += Bytes64::kSize) {
    const char* const here = bytes.data() + at;
    const Bytes64 ends = Bytes64::at(here).equal('\r') & Bytes64::at(here + 2).equal('\r');
    if (ends.has_top_bits()) break;
  }
  return at;
}

}  // namespace

std::size_t find_end_of_head(std::string_view bytes, std::size_t& scanned) {
  constexpr std::string_view kEnd = "\r\n\r\n";
  std::size_t at = std::min(scanned < 3 ? 0 : scanned - 3, bytes.size());
  scanned = bytes.size();
  at = with_wide_registers([&] [[gnu::always_inline]] () { return skip_lines(bytes, at); });
  for (; bytes.size() - at >= 16 + 2; at += 16) {
    const char* const here = bytes.data() + at;
    const Bytes16 ends = Bytes16::at(here).equal('\r') & Bytes16::at(here + 2).equal('\r');
    if (ends.top_bits() != 0) break;
  }
  const std::size_t found = bytes.find(kEnd, at);
  return found == std::string_view::npos ? 0 : found + kEnd.size();
}

Result<void> parse_request_head(std::string_view text, const HeadLimits& limits,
                                RequestHead& head) {
  const std::optional<std::string_view> line = take_line(text);
  if (!line) return bad_request("The request line must end with CRLF.");
  Result<std::string_view> version = parse_request_line(*line, head);
  if (!version) return std::unexpected(std::move(version.error()));
  FramingFields framing;
  Result<void> parsed = parse_fields(text, limits.fields, {head.fields, framing});
  if (!parsed) return parsed;
  const bool is_11 = *version == "HTTP/1.1";
  head.is_http11 = is_11;
  if (framing.hosts > 1 || (is_11 && framing.hosts == 0)) {
    return bad_request("HTTP/1.1 wants exactly one Host header.");
  }
  if (!is_11 && framing.encodings > 0) {
    return bad_request("Transfer-Encoding is not part of HTTP/1.0.");
  }
  head.is_keep_alive = is_11 ? !framing.says_close : framing.says_keep_alive;
  head.expects_continue = is_11 && framing.expects_continue;
  return frame_request(framing, head);
}

namespace {

std::unexpected<Failure> bad_answer(std::string why) {
  return fail(upstream_error(ErrorCode::upstream_malformed,
                             "The upstream's answer is no HTTP/1.1: " + std::move(why)));
}

Result<void> parse_status_line(std::string_view line, ResponseHead& head) {
  const bool is_http = line.starts_with("HTTP/1.1 ") || line.starts_with("HTTP/1.0 ");
  const std::optional<int> status =
      is_http && line.size() >= 12 ? parse_number<int>(line.substr(9, 3)) : std::nullopt;
  if (!status || *status < 100 || *status > 999) return bad_answer("bad status line.");
  head.status = *status;
  head.reason = line.size() > 13 ? line.substr(13) : std::string_view();
  return {};
}

Result<void> frame_response(const FramingFields& framing, std::string_view method,
                            ResponseHead& head) {
  const bool is_bodiless =
      method == "HEAD" || head.status == 204 || head.status == 304 || head.status < 200;
  if (is_bodiless) {
    head.framing = Framing::none;
  } else if (framing.encodings > 0) {
    if (!equals_ignoring_case(framing.transfer_encoding, "chunked")) {
      return bad_answer("unknown transfer coding.");
    }
    head.framing = Framing::chunked;
  } else if (framing.lengths > 0) {
    const std::optional<std::uint64_t> length = parse_length(framing.content_length);
    if (framing.lengths > 1 || !length) return bad_answer("bad Content-Length.");
    head.framing = *length > 0 ? Framing::length : Framing::none;
    head.content_length = *length;
  } else {
    head.framing = Framing::until_close;
    head.is_keep_alive = false;
  }
  return {};
}

}  // namespace

Result<void> parse_response_head(std::string_view text, std::string_view method,
                                 ResponseHead& head) {
  const std::optional<std::string_view> line = take_line(text);
  if (!line) return bad_answer("bad line end.");
  if (Result<void> parsed = parse_status_line(*line, head); !parsed) return parsed;
  constexpr std::size_t kMaxUpstreamFields = 256;
  FramingFields framing;
  const Result<void> parsed = parse_fields(text, kMaxUpstreamFields, {head.fields, framing});
  if (!parsed) return bad_answer(parsed.error()->message);
  head.is_keep_alive =
      line->starts_with("HTTP/1.1") ? !framing.says_close : framing.says_keep_alive;
  return frame_response(framing, method, head);
}

void FieldLines::add(std::string_view name, std::string_view value) { add(name, {}, value); }

void FieldLines::add(std::string_view name, std::string_view prefix, std::string_view value) {
  const std::size_t start = text_.size();
  const std::size_t from = start + name.size() + 2;
  const std::size_t to = from + prefix.size() + value.size();
  if (to + 2 > text_.capacity()) text_.reserve(std::max(kUsualBytes, 2 * (to + 2)));
  text_.resize_and_overwrite(to + 2, [&](char* text, std::size_t length) {
    std::memcpy(text + start, name.data(), name.size());
    std::memcpy(text + from - 2, ": ", 2);
    if (!prefix.empty()) std::memcpy(text + from, prefix.data(), prefix.size());
    if (!value.empty()) std::memcpy(text + from + prefix.size(), value.data(), value.size());
    std::memcpy(text + to, "\r\n", 2);
    return length;
  });
  if (name.size() == 4 && equals_ignoring_case(name, "date")) has_date_ = true;
  if (find_byte(text_, from, kControls) == to) return;
  std::replace_if(text_.begin() + static_cast<std::ptrdiff_t>(from),
                  text_.begin() + static_cast<std::ptrdiff_t>(to), is_line_break, ' ');
}

void FieldLines::add(std::string_view name, std::uint64_t number) {
  std::array<char, 20> digits;
  const auto [end, ignored] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  add(name, std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data())));
}

bool FieldLines::has(std::string_view name) const {
  std::string_view rest = text_;
  while (!rest.empty()) {
    if (rest.size() > name.size() && rest[name.size()] == ':' &&
        starts_with_ignoring_case(rest, name)) {
      return true;
    }
    rest.remove_prefix(rest.find('\n') + 1);
  }
  return false;
}

bool is_hop_by_hop(std::string_view name) {
  switch (name.size()) {
    case 2: return equals_ignoring_case(name, "te");
    case 7: return equals_ignoring_case(name, "trailer") || equals_ignoring_case(name, "upgrade");
    case 10:
      return equals_ignoring_case(name, "connection") || equals_ignoring_case(name, "keep-alive");
    case 14: return equals_ignoring_case(name, "content-length");
    case 16: return equals_ignoring_case(name, "proxy-connection");
    case 17: return equals_ignoring_case(name, "transfer-encoding");
    case 18: return equals_ignoring_case(name, "proxy-authenticate");
    case 19: return equals_ignoring_case(name, "proxy-authorization");
    default: return false;
  }
}

}  // namespace gatehouse::http
