#include "providers/url_template.h"

#include "base/percent.h"

namespace gatehouse::providers {
namespace {

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool fits_header(std::string_view value) {
  for (const char c : value) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return false;
  }
  return true;
}

bool append_value(std::string& out, Place place, std::string_view value) {
  switch (place) {
    case Place::host:
      if (!is_host_value(value)) return false;
      out += value;
      return true;
    case Place::path:
      if (value == "." || value == "..") return false;
      append_percent_encoded(out, value);
      return true;
    case Place::query: append_percent_encoded(out, value); return true;
    case Place::header:
      if (!fits_header(value)) return false;
      out += value;
      return true;
  }
  return false;
}

/// `name`, `name=default` or `name!unwanted`.
std::string_view value_of(std::string_view placeholder, const TemplateValues& values) {
  const std::size_t mark = placeholder.find_first_of("=!");
  const std::string_view name = placeholder.substr(0, mark);
  const std::string_view found = name == "model" ? values.model : values.options.find(name);
  if (mark == std::string_view::npos) return found;
  const std::string_view behind = placeholder.substr(mark + 1);
  if (placeholder[mark] == '=') return found.empty() ? behind : found;
  return found == behind ? std::string_view{} : found;
}

}  // namespace

bool is_host_value(std::string_view text) {
  char before = '.';
  for (const char c : text) {
    if (c == '.' ? before == '.' : !is_alphanumeric(c) && c != '-' && c != '_') return false;
    before = c;
  }
  return before != '.';
}

bool fill_template(std::string_view text, Place place, const TemplateValues& values,
                   std::string& out, TemplateGap& gap) {
  const std::size_t before = out.size();
  while (true) {
    const std::size_t open = text.find('{');
    const std::size_t close = open == std::string_view::npos ? open : text.find('}', open);
    if (close == std::string_view::npos) {
      out += text;
      return true;
    }
    out += text.substr(0, open);
    const std::string_view placeholder = text.substr(open + 1, close - open - 1);
    text.remove_prefix(close + 1);
    if (placeholder == "path") {
      out += values.path;
      continue;
    }
    const std::string_view value = value_of(placeholder, values);
    if (!value.empty() && append_value(out, place, value)) continue;
    gap = {placeholder.substr(0, placeholder.find_first_of("=!")), value};
    out.resize(before);
    return false;
  }
}

}  // namespace gatehouse::providers
