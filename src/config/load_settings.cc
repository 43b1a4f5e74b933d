#include "config/load_settings.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <system_error>
#include <tuple>

#include "base/text.h"
#include "config/formats.h"
#include "config/interpolate.h"
#include "config/settings_rows.h"

namespace gatehouse::config {
namespace {

std::vector<std::string> listed(std::string_view text) {
  const std::vector<std::string_view> parts = split_list(text);
  return {parts.begin(), parts.end()};
}

void overlay_trusted_hosts(Settings& settings, Reading& reading) {
  const auto text = reading.environment.find("TRUSTED_CUSTOM_HOSTS");
  if (!text) return;
  settings.upstream.trusted_custom_hosts = listed(*text);
  for (const std::string& entry : *settings.upstream.trusted_custom_hosts) {
    if (is_trusted_host_entry(entry)) continue;
    reading.problems.push_back({"environment",
                                {},
                                "TRUSTED_CUSTOM_HOSTS holds '" + entry + "'",
                                TrustedHostFormat::allowed()});
  }
}

void overlay_metadata_headers(Settings& settings, Reading& reading) {
  const auto text = reading.environment.find("HEADERS_TO_METADATA");
  if (!text) return;
  settings.headers_to_metadata.clear();
  for (const std::string_view name : split_list(*text)) {
    if (std::optional<std::string> header = HeaderNameFormat::parse(name)) {
      settings.headers_to_metadata.push_back(std::move(*header));
    } else {
      reading.problems.push_back({"environment",
                                  {},
                                  "HEADERS_TO_METADATA holds '" + std::string(name) + "'",
                                  HeaderNameFormat::allowed()});
    }
  }
}

void overlay_saved_only(Settings& settings, Reading& reading) {
  const auto text = reading.environment.find("BLOCK_INLINE_CONFIG");
  if (!text || trimmed(*text).empty()) return;
  if (const std::optional<bool> said = SwitchFormat::parse(trimmed(*text))) {
    settings.server.saved_only = *said;
    return;
  }
  reading.problems.push_back({"environment",
                              {},
                              "BLOCK_INLINE_CONFIG is '" + std::string(*text) + "'",
                              SwitchFormat::allowed()});
}

void overlay_environment(Settings& settings, Reading& reading) {
  const std::string_view admin_key =
      trimmed(reading.environment.find("GATEHOUSE_ADMIN_KEY").value_or(""));
  if (!admin_key.empty()) settings.admin_key = Secret(std::string(admin_key));
  overlay_trusted_hosts(settings, reading);
  overlay_metadata_headers(settings, reading);
  overlay_saved_only(settings, reading);
}

void read_document(std::string_view text, Reading& reading, Settings& settings) {
  try {
    const YAML::Node document = YAML::Load(veil_references(text));
    SectionOf<Settings>::read(Cursor(reading, document, ""), settings);
  } catch (const YAML::Exception& error) {
    const YAML::Mark mark = error.mark;
    const Place place = mark.is_null() ? Place{} : Place{mark.line + 1, mark.column + 1};
    reading.problems.push_back({reading.file, place, "this is no YAML: " + error.msg, ""});
  }
}

LoadedSettings finished(Settings settings, Reading& reading) {
  overlay_environment(settings, reading);
  if (reading.problems.empty()) return settings;
  std::ranges::sort(reading.problems, {}, [](const Problem& problem) {
    return std::tie(problem.place.line, problem.place.column, problem.what);
  });
  return std::unexpected(std::move(reading.problems));
}

std::optional<std::string> read_file(const std::filesystem::path& file) {
  std::error_code ignored;
  std::ifstream stream(file, std::ios::binary);
  if (!stream || std::filesystem::is_directory(file, ignored)) return std::nullopt;
  return std::string{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

}  // namespace

std::optional<std::filesystem::path> find_config_file(
    const std::optional<std::filesystem::path>& named) {
  if (named) return named;
  std::error_code ignored;
  const std::filesystem::path usual = kDefaultConfigFile;
  return std::filesystem::exists(usual, ignored) ? std::optional(usual) : std::nullopt;
}

LoadedSettings parse_settings(std::string_view text, const std::string& file,
                              const Environment& environment) {
  Reading reading{file, environment, {}};
  Settings settings;
  settings.file = file;
  read_document(text, reading, settings);
  return finished(std::move(settings), reading);
}

LoadedSettings load_settings(const std::optional<std::filesystem::path>& file,
                             const Environment& environment) {
  if (!file) {
    Reading reading{"", environment, {}};
    return finished(Settings{}, reading);
  }
  if (const std::optional<std::string> text = read_file(*file)) {
    return parse_settings(*text, file->string(), environment);
  }
  return std::unexpected(std::vector<Problem>{
      {file->string(), {}, "the file cannot be read", "the path of a YAML file"}});
}

TrustedHosts trusted_hosts_of(const Settings& settings) {
  static const std::vector<std::string> kThisMachine = {"localhost", "127.0.0.1", "::1"};
  const bool is_local = std::ranges::all_of(settings.server.listen, &ListenAddress::is_loopback);
  const std::optional<std::vector<std::string>>& set = settings.upstream.trusted_custom_hosts;
  // The entries were judged when they were read, so from() has nothing left to refuse.
  if (set) return TrustedHosts::from(*set).value_or(TrustedHosts{});
  return is_local ? TrustedHosts::from(kThisMachine).value() : TrustedHosts{};
}

}  // namespace gatehouse::config
