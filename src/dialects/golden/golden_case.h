// A golden case: a folder tests/golden/<suite>/<case>/ with
//   client_request.json              what the client sends
//   upstream_request.json            {path, headers?, dropped?, body}: what the provider gets
//   upstream_response.{json,sse,ndjson,b64}   what it answers; b64 for binary framing
//   client_response.{json,sse}       what the client gets
//   usage.json                       what is metered
// A case may leave out the second half (requests only) or the second file (the request is refused:
// client_response.json is the error). settings.json of the suite, then of the case, say
//   client, upstream (dialects), provider, model, compliance, host, echo, status and fields (of the
//   head of the answer).
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <ostream>
#include <sstream>
#include <string>
#include <vector>

#include "dialects/base64.h"
#include "dialects/dialect.h"
#include "dialects/json_reader.h"

namespace gatehouse::dialects::golden {

namespace fs = std::filesystem;

inline fs::path root() { return fs::path(GATEHOUSE_SOURCE_DIR) / "tests" / "golden"; }

inline std::optional<std::string> read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

inline void write_file(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

inline llm::DialectId dialect_named(std::string_view name) {
  using enum llm::DialectId;
  for (const auto dialect :
       {openai_chat, openai_responses, anthropic_messages, gemini, bedrock_converse, cohere}) {
    if (llm::name_of(dialect) == name) return dialect;
  }
  return openai_chat;
}

struct Settings {
  llm::DialectId client = llm::DialectId::openai_chat;
  llm::DialectId upstream = llm::DialectId::openai_chat;
  std::string provider;
  std::string model;
  Compliance compliance = Compliance::strict;
  Host host = Host::own;
  ReasoningEcho echo = ReasoningEcho::none;
  int status = 200;
  std::vector<std::pair<std::string, std::string>> fields;  // of the failed answer's head
};

inline void apply(const fs::path& file, Settings& settings) {
  const auto text = read_file(file);
  if (!text) return;
  const Result<json::Value> parsed = json::parse(*text);
  if (!parsed) return;
  const auto word = [&](std::string_view key, auto set) {
    if (const std::string_view value = text_at(*parsed, key); !value.empty()) set(value);
  };
  word("client", [&](std::string_view value) { settings.client = dialect_named(value); });
  word("upstream", [&](std::string_view value) { settings.upstream = dialect_named(value); });
  word("provider", [&](std::string_view value) { settings.provider = value; });
  word("model", [&](std::string_view value) { settings.model = value; });
  word("compliance", [&](std::string_view value) {
    settings.compliance = value == "lenient" ? Compliance::lenient : Compliance::strict;
  });
  word("host", [&](std::string_view value) {
    settings.host = value == "vertex"    ? Host::vertex
                    : value == "bedrock" ? Host::bedrock
                                         : Host::own;
  });
  word("echo", [&](std::string_view) { settings.echo = ReasoningEcho::reasoning_content; });
  if (const json::Object* fields = object_at(*parsed, "fields")) {
    for (const auto& field : *fields) {
      settings.fields.emplace_back(field.key(), *field.value().if_string());
    }
  }
  settings.status = static_cast<int>(integer_at(*parsed, "status").value_or(settings.status));
}

struct Case {
  fs::path folder;
  std::string name;  // "suite_case", as a test's name

  fs::path file(std::string_view name_of_file) const { return folder / name_of_file; }
  std::optional<std::string> text(std::string_view name_of_file) const {
    return read_file(file(name_of_file));
  }
  Settings settings() const {
    Settings settings;
    apply(folder.parent_path() / "settings.json", settings);
    apply(file("settings.json"), settings);
    return settings;
  }
  /// The streamed answer as bytes and the content type that frames it, if the case has one.
  std::optional<std::pair<std::string, std::string>> stream() const {
    if (auto sse = text("upstream_response.sse")) return {{*sse, "text/event-stream"}};
    if (auto lines = text("upstream_response.ndjson")) return {{*lines, "application/x-ndjson"}};
    auto binary = text("upstream_response.b64");
    if (!binary) return std::nullopt;
    std::erase_if(*binary, [](char c) { return c == '\n' || c == '\r'; });
    return {{decode_base64(*binary).value_or(std::string()), "application/vnd.amazon.eventstream"}};
  }
};

inline void PrintTo(const Case& golden, std::ostream* out) { *out << golden.name; }

inline std::vector<Case> all_cases() {
  std::vector<Case> cases;
  std::error_code missing;
  for (const auto& suite : fs::directory_iterator(root(), missing)) {
    if (!suite.is_directory()) continue;
    for (const auto& folder : fs::directory_iterator(suite.path())) {
      if (!folder.is_directory()) continue;
      cases.push_back({folder.path(),
                       suite.path().filename().string() + "_" + folder.path().filename().string()});
    }
  }
  std::ranges::sort(cases, {}, &Case::name);
  return cases;
}

}  // namespace gatehouse::dialects::golden
