#include "base/dotenv.h"

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace gatehouse {
namespace {

bool is_name(std::string_view text) {
  if (text.empty() || (text.front() >= '0' && text.front() <= '9')) return false;
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

char unescaped(char c) {
  switch (c) {
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return c;
  }
}

class DotenvParser {
 public:
  explicit DotenvParser(std::string_view text) : rest_(text) {
    constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
    if (rest_.starts_with(kByteOrderMark)) rest_.remove_prefix(kByteOrderMark.size());
  }

  Dotenv parse() {
    while (!rest_.empty()) parse_line();
    return std::move(result_);
  }

 private:
  std::string_view take(std::size_t length) {
    const std::string_view taken = rest_.substr(0, length);
    rest_.remove_prefix(taken.size());
    line_ += static_cast<int>(std::ranges::count(taken, '\n'));
    return taken;
  }

  std::string_view take_line() {
    const std::size_t end = rest_.find('\n');
    return take(end == std::string_view::npos ? rest_.size() : end + 1);
  }

  void parse_line() {
    const int line = line_;
    const std::string_view whole = rest_.substr(0, rest_.find('\n'));
    const std::string_view content = trimmed(whole);
    if (content.empty() || content.front() == '#') {
      take_line();
      return;
    }
    const std::size_t equals = whole.find('=');
    std::string_view name = trimmed(whole.substr(0, equals));
    if (name.starts_with("export ")) name = trimmed(name.substr(7));
    if (equals == std::string_view::npos || !is_name(name)) {
      report(line, "the line is no NAME=value and was passed over");
      take_line();
      return;
    }
    take(equals + 1);
    if (std::optional<std::string> value = take_value(line)) {
      result_.values.insert_or_assign(std::string(name), std::move(*value));
    }
    take_line();
  }

  std::optional<std::string> take_value(int line) {
    take(std::min(rest_.find_first_not_of(" \t"), rest_.size()));
    if (rest_.starts_with('\'') || rest_.starts_with('"')) return take_quoted(line);
    std::string_view value = rest_.substr(0, rest_.find('\n'));
    if (value.starts_with('#')) return std::string();
    const std::size_t comment = std::min(value.find(" #"), value.find("\t#"));
    return std::string(trimmed(value.substr(0, comment)));
  }

  std::optional<std::string> take_quoted(int line) {
    const char quote = take(1).front();
    std::string value;
    for (std::size_t i = 0; i < rest_.size(); ++i) {
      if (rest_[i] == quote) {
        take(i + 1);
        return value;
      }
      const bool is_escape = quote == '"' && rest_[i] == '\\' && i + 1 < rest_.size();
      value += is_escape ? unescaped(rest_[++i]) : rest_[i];
    }
    report(line, "the quote is never closed; the line was passed over");
    return std::nullopt;
  }

  void report(int line, std::string what) { result_.problems.push_back({line, std::move(what)}); }

  std::string_view rest_;
  int line_ = 1;
  Dotenv result_;
};

}  // namespace

Dotenv parse_dotenv(std::string_view text) { return DotenvParser(text).parse(); }

}  // namespace gatehouse
