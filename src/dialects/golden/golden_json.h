// JSON as the golden files hold it: indented, so that a change shows as the line it is.
#pragma once

#include <string>

#include "dialects/json_writer.h"
#include "json/value.h"

namespace gatehouse::dialects::golden {

inline bool is_short(const json::Value& value) {
  constexpr std::size_t kLineWidth = 90;
  return to_text(value).size() <= kLineWidth;
}

inline void append_pretty(std::string& out, const json::Value& value, std::size_t depth);

template <class Container, class WriteElement>
void append_container(std::string& out, const Container& elements, std::size_t depth,
                      WriteElement write_element) {
  const std::string indent(2 * depth + 2, ' ');
  std::size_t left = elements.size();
  for (const auto& element : elements) {
    out += indent;
    write_element(element);
    out += --left == 0 ? "\n" : ",\n";
  }
  out += std::string(2 * depth, ' ');
}

inline void append_pretty(std::string& out, const json::Value& value, std::size_t depth) {
  const bool nests = value.is_structured();
  if (!nests || is_short(value)) {
    out += to_text(value);
  } else if (const json::Object* object = value.if_object()) {
    out += "{\n";
    append_container(out, *object, depth, [&](const auto& member) {
      JsonWriter(out).text(member.key());
      out += ": ";
      append_pretty(out, member.value(), depth + 1);
    });
    out += '}';
  } else {
    out += "[\n";
    append_container(out, *value.if_array(), depth,
                     [&](const json::Value& element) { append_pretty(out, element, depth + 1); });
    out += ']';
  }
}

inline std::string pretty(const json::Value& value) {
  std::string text;
  append_pretty(text, value, 0);
  return text + "\n";
}

}  // namespace gatehouse::dialects::golden
