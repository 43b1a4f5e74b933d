#include "config/json_text.h"

#include <optional>

#include "json/scan.h"
#include "json/value.h"

namespace gatehouse::config {

void JsonText::read(const Cursor& cursor, std::string& out) {
  const std::optional<std::string> text = cursor.scalar("a JSON value");
  if (!text) return;
  // What is JSON already stays as it was written: parsed and printed again, 0.5 would be 5E-1.
  const bool is_json = !cursor.is_quoted() && json::parse(*text).has_value();
  out = is_json ? *text : json::quote(*text);
}

void JsonText::show(YAML::Emitter& out, const std::string& value) {
  const std::optional<std::string> text = json::unescape(value);
  if (text) {
    out << YAML::DoubleQuoted << *text;
  } else {
    out << value;
  }
}

}  // namespace gatehouse::config
