#include "config/interpolate.h"

#include <optional>

namespace gatehouse::config {
namespace {

// Mathematical white brackets: plain characters to YAML, and nobody's configuration.
constexpr std::string_view kVeiledOpen = "$\u27e6";
constexpr std::string_view kVeiledClose = "\u27e7";

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
  std::string out;
  for (;;) {
    const std::size_t start = text.find("${");
    if (start == std::string_view::npos) return out.append(text);
    const std::size_t end = text.find_first_of("}\n", start);
    const bool is_closed = end != std::string_view::npos && text[end] == '}';
    if (!is_closed) {
      out.append(text.substr(0, start + 2));
      text.remove_prefix(start + 2);
      continue;
    }
    out.append(text.substr(0, start)).append(kVeiledOpen);
    out.append(text.substr(start + 2, end - start - 2)).append(kVeiledClose);
    text.remove_prefix(end + 1);
  }
}

std::string unveil_references(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    if (text.starts_with(kVeiledOpen)) {
      out.append("${");
      text.remove_prefix(kVeiledOpen.size());
    } else if (text.starts_with(kVeiledClose)) {
      out.append("}");
      text.remove_prefix(kVeiledClose.size());
    } else {
      out.push_back(text.front());
      text.remove_prefix(1);
    }
  }
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
