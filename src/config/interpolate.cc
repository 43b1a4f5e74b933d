#include "config/interpolate.h"

#include <algorithm>
#include <optional>

namespace gatehouse::config {
namespace {

// One byte for one byte, so that positions stay what they are in the file. Control characters are
// plain text to the parser and may not stand in YAML (1.2, section 5.1), so no file has them.
constexpr char kVeiledOpen = '\x01';
constexpr char kVeiledClose = '\x02';

constexpr std::string_view kNameChars =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";

std::expected<std::string_view, std::string> value_of(std::string_view reference,
                                                      const Environment& environment) {
  const std::size_t dash = reference.find(":-");
  const std::string_view name = reference.substr(0, dash);
  if (name.empty() || name.find_first_not_of(kNameChars) != std::string_view::npos) {
    return std::unexpected("'${" + std::string(name) + "}' names no variable");
  }
  const std::optional<std::string_view> value = environment.find(name);
  if (dash != std::string_view::npos) {
    return value && !value->empty() ? *value : reference.substr(dash + 2);
  }
  if (!value) {
    return std::unexpected("the environment variable '" + std::string(name) + "' is not set");
  }
  return *value;
}

}  // namespace

std::string veil_references(std::string_view text) {
  std::string out(text);
  std::size_t start = out.find("${");
  while (start != std::string::npos) {
    const std::size_t end = out.find_first_of("}\n", start);
    if (end != std::string::npos && out[end] == '}') {
      out[start + 1] = kVeiledOpen;
      out[end] = kVeiledClose;
    }
    start = out.find("${", start + 2);
  }
  return out;
}

std::string unveil_references(std::string_view text) {
  std::string out(text);
  std::ranges::replace(out, kVeiledOpen, '{');
  std::ranges::replace(out, kVeiledClose, '}');
  return out;
}

std::expected<std::string, std::string> interpolate(std::string_view text,
                                                    const Environment& environment) {
  std::string out;
  for (;;) {
    const std::size_t start = text.find("${");
    if (start == std::string_view::npos) return out.append(text);
    const std::size_t end = text.find('}', start);
    if (start > 0 && text[start - 1] == '$') {
      out.append(text.substr(0, start)).append("{");
      text.remove_prefix(start + 2);
      continue;
    }
    if (end == std::string_view::npos) return std::unexpected("a '${' is never closed");
    const auto value = value_of(text.substr(start + 2, end - start - 2), environment);
    if (!value) return std::unexpected(value.error());
    out.append(text.substr(0, start)).append(*value);
    text.remove_prefix(end + 1);
  }
}

}  // namespace gatehouse::config
