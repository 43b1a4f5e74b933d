// A YAML scalar as the JSON value that it most plainly means.
#pragma once

#include <string>

#include "config/yaml_cursor.h"

namespace gatehouse::config {

/// Codec (see section.h): `0.5`, `true`, `null`, `[1]` written plainly stay what they are in JSON;
/// every other text, and all quoted ones, become a JSON string.
struct JsonText {
  using Value = std::string;
  static void read(const Cursor& cursor, std::string& out);
  static void show(YAML::Emitter& out, const std::string& value);
};

}  // namespace gatehouse::config
