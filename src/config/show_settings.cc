#include "config/show_settings.h"

#include <yaml-cpp/yaml.h>

#include "config/settings_rows.h"

namespace gatehouse::config {
namespace {

std::string listeners(const Settings& settings) {
  std::string out;
  for (const ListenAddress& address : settings.server.listen) {
    if (!out.empty()) out += ", ";
    out += address.text();
  }
  return out + (settings.server.tls.is_enabled() ? " (TLS)" : "");
}

std::string shown_key(const Secret& key) {
  return key.is_empty() ? "from the provider's environment variable" : key.masked();
}

}  // namespace

std::string show_settings(const Settings& settings) {
  YAML::Emitter out;
  SectionOf<Settings>::show(out, settings);
  return std::string(out.c_str()) + "\n";
}

std::string summarize_settings(const Settings& settings) {
  std::string out = (settings.file.empty() ? "no file, defaults" : settings.file) + ": OK\n";
  out += "  listen: " + listeners(settings) + "\n";
  out += std::string("  gateway keys: ") +
         (settings.server.auth == AuthMode::required ? "required" : "optional") + ", " +
         std::to_string(settings.api_keys.size()) + " configured\n";
  for (const ApiKeyEntry& entry : settings.api_keys) {
    out += "    " + entry.name + ": " + (entry.hash ? "hashed" : entry.key.masked()) + "\n";
  }
  out += "  virtual keys: " + std::to_string(settings.virtual_keys.size()) + "\n";
  for (const auto& [slug, entry] : settings.virtual_keys) {
    out += "    @" + slug + ": " + entry.provider + ", key " + shown_key(entry.api_key) + "\n";
  }
  out += "  own or changed providers: " + std::to_string(settings.providers.size()) + "\n";
  for (const auto& [slug, entry] : settings.providers) {
    out += "    " + slug + (entry.base_url.empty() ? "" : ": " + entry.base_url) + "\n";
  }
  return out;
}

}  // namespace gatehouse::config
