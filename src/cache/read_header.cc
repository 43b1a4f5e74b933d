#include "cache/read_header.h"

#include "base/text.h"
#include "json/value.h"

namespace gatehouse::cache {
namespace {

using exchange::CacheMode;
using exchange::CacheRefresh;
using exchange::CacheSettings;

std::unexpected<Failure> refuse(std::string_view what) {
  return fail(client_error(
      ErrorCode::invalid_config,
      "x-portkey-cache: " + std::string(what) +
          R"( Allowed are simple, semantic, or an object such as {"enabled":true,"ttl":3600,"namespace":"a","mode":"simple"}.)",
      "x-portkey-cache"));
}

std::optional<CacheMode> mode_named(std::string_view name) {
  if (name == "simple") return CacheMode::simple;
  if (name == "semantic") return CacheMode::semantic;
  return std::nullopt;
}

/// A bare word, in quotes or not.
std::optional<CacheMode> read_word(std::string_view text) {
  if (text.size() > 1 && text.front() == '"' && text.back() == '"') {
    text = text.substr(1, text.size() - 2);
  }
  if (text == "true") return CacheMode::simple;
  if (text == "false") return CacheMode::none;
  return mode_named(text);
}

Result<void> read_age(const json::Value& age, CacheSettings& settings) {
  if (age.is_null()) return {};
  if (!age.is_int64() || age.get_int64() < 1) {
    return refuse("the age is a whole number of seconds, from 1.");
  }
  settings.max_age = std::chrono::seconds(age.get_int64());
  return {};
}

Result<CacheSettings> read_object(const json::Value& object) {
  CacheSettings settings;
  settings.mode = CacheMode::simple;
  if (const json::Value* mode = json::find(object, "mode")) {
    const std::optional<CacheMode> named =
        mode->is_string() ? mode_named(std::string_view(mode->get_string())) : std::nullopt;
    if (!named) return refuse("the mode is neither simple nor semantic.");
    settings.mode = *named;
  }
  for (const std::string_view key : {"ttl", "max_age"}) {
    const json::Value* age = json::find(object, key);
    if (age == nullptr) continue;
    if (Result<void> read = read_age(*age, settings); !read) return fail(std::move(read.error()));
  }
  if (const json::Value* name_space = json::find(object, "namespace")) {
    if (!name_space->is_string() && !name_space->is_null()) {
      return refuse("the namespace is a text.");
    }
    settings.name_space = json::string_or(object, "namespace", "");
  }
  if (const json::Value* enabled = json::find(object, "enabled")) {
    if (!enabled->is_bool()) return refuse("'enabled' is true or false.");
    if (!enabled->get_bool()) settings.mode = CacheMode::none;
  }
  return settings;
}

Result<CacheSettings> read_cache_field(std::string_view text) {
  text = trimmed(text);
  if (text.empty()) return CacheSettings{};
  if (const std::optional<CacheMode> mode = read_word(text)) {
    CacheSettings settings;
    settings.mode = *mode;
    return settings;
  }
  const Result<json::Value> value = json::parse(text);
  if (!value || !value->is_object()) return refuse("it is neither a mode nor a JSON object.");
  return read_object(*value);
}

}  // namespace

Result<CacheSettings> read_header(const HeaderWishes& wishes) {
  Result<CacheSettings> settings = read_cache_field(wishes.cache);
  if (!settings) return settings;
  if (!wishes.name_space.empty()) settings->name_space = wishes.name_space;
  if (wishes.force_refresh == "true") settings->refresh = CacheRefresh::forced;
  return settings;
}

CacheSettings combined(const CacheSettings& config, const CacheSettings& header) {
  CacheSettings both = config;
  if (!header.name_space.empty()) both.name_space = header.name_space;
  if (header.refresh == CacheRefresh::forced) both.refresh = CacheRefresh::forced;
  return both;
}

}  // namespace gatehouse::cache
