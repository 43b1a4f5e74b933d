#include "demo/tokens.h"

namespace gatehouse::demo {
namespace {

constexpr std::size_t kLongestRun = 6;

bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80; }

/// Where the token that begins at `from` ends.
std::size_t end_of_token(std::string_view text, std::size_t from) {
  std::size_t at = from;
  while (at < text.size() && is_blank(text[at])) ++at;
  const std::size_t word = at;
  while (at < text.size() && is_word_byte(text[at]) && at - word < kLongestRun) ++at;
  while (at < text.size() && at > word && continues_character(text[at])) ++at;
  if (at == word && at < text.size()) ++at;
  return at;
}

}  // namespace

std::vector<std::string_view> split_tokens(std::string_view text) {
  std::vector<std::string_view> tokens;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = end_of_token(text, at);
    tokens.push_back(text.substr(at, end - at));
    at = end;
  }
  return tokens;
}

std::int64_t count_tokens(std::string_view text) {
  std::int64_t count = 0;
  for (std::size_t at = 0; at < text.size(); at = end_of_token(text, at)) ++count;
  return count;
}

}  // namespace gatehouse::demo
