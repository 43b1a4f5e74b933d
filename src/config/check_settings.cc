// What keys of a section owe each other. Single values are judged by their formats.
#include <algorithm>

#include "config/section.h"
#include "config/settings_rows.h"

namespace gatehouse::config {

bool is_slug(std::string_view text) {
  return !text.empty() && text.size() <= 128 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

void report_unknown_key(const Cursor& key, std::span<const std::string_view> known) {
  std::string what = "unknown key '" + key.node().Scalar() + "'";
  if (!key.path().empty()) what += " in " + key.path();
  if (const std::string_view near = nearest_name(key.node().Scalar(), known); !near.empty()) {
    what.append("; did you mean '").append(near).append("'?");
  }
  key.report(std::move(what), join_names(known));
}

template <>
void check_section(const Cursor& cursor, const Settings& settings) {
  for (auto entry = settings.api_keys.begin(); entry != settings.api_keys.end(); ++entry) {
    const auto is_same = [&](const ApiKeyEntry& other) { return other.name == entry->name; };
    if (!entry->name.empty() && std::any_of(settings.api_keys.begin(), entry, is_same)) {
      cursor.report_at(entry->place, "the name '" + entry->name + "' stands twice in api_keys");
    }
    if (!entry->config.empty() && !settings.configs.contains(entry->config)) {
      cursor.report_at(entry->place, "the key '" + entry->name + "' names the config '" +
                                         entry->config + "', which does not stand in configs");
    }
  }
}

template <>
void check_section(const Cursor& cursor, const ServerSettings& server) {
  if (server.listen.empty()) {
    cursor.report("server.listen is empty: there would be nothing to call", kListenForms);
  }
}

template <>
void check_section(const Cursor& cursor, const TlsSettings& tls) {
  if (tls.cert_file.empty() == tls.key_file.empty()) return;
  cursor.report("server.tls has only one of cert_file and key_file", "both, or neither");
}

template <>
void check_section(const Cursor& cursor, const ApiKeyEntry& entry) {
  if (entry.name.empty()) cursor.report(cursor.path() + " has no name", "name: a text");
  if (entry.key.is_empty() != entry.hash.has_value()) {
    cursor.report(cursor.path() + " must have a key or a hash, and not both",
                  "key: ${VARIABLE}, or hash: the SHA-256 of the key in hex");
  }
}

template <>
void check_section(const Cursor& cursor, const VirtualKeyEntry& entry) {
  if (!entry.provider.empty()) return;
  cursor.report(cursor.path() + " names no provider",
                "provider: the name of a provider, such as openai");
}

}  // namespace gatehouse::config
