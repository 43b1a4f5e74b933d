// The configs that are saved in gatehouse.yaml: written in YAML as the config object is in JSON.
#pragma once

#include "config/section.h"
#include "config/settings.h"

namespace gatehouse::config {

/// Codec of `configs:`. Each is checked when it is read; its problems name the path within it.
struct SavedConfigs {
  using Value = BySlug<SavedConfig>;
  static void read(const Cursor& cursor, Value& out);
  /// As JSON, which is YAML too, with the keys masked.
  static void show(YAML::Emitter& out, const Value& value);
};

}  // namespace gatehouse::config
