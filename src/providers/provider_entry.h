// A provider as an operator writes it in gatehouse.yaml: plain text, not yet checked.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gatehouse::providers {

using TextPair = std::pair<std::string, std::string>;

/// Under the id or an alias of a built-in row it changes that row: what is empty stays as it is
/// there, and lists that are not empty take the place of the row's. Otherwise it is a row of its
/// own, of the OpenAI protocol unless it says otherwise, able to do everything and with an optional
/// key.
struct ProviderEntry {
  std::string id;
  std::string name;
  std::string base_url;
  std::string dialect;  // "openai_chat" and the other names of llm::DialectId, or "none"
  std::string auth;     // "Authorization: Bearer {key}", "x-api-key: {key}", or "none"
  std::vector<std::string> aliases;
  std::vector<std::string> env;
  std::vector<TextPair> headers;

  // Quirks, with the words of llm/quirks.h.
  std::vector<std::string> drop;
  std::vector<std::string> drop_in_messages;
  std::vector<TextPair> rename;
  std::vector<TextPair> defaults;  // the value is JSON text
  std::string developer_role;      // "becomes_system" or "kept"
  std::string stream_usage;        // "on_request" or "unasked"
};

}  // namespace gatehouse::providers
