#include "providers/row_from_entry.h"

#include <string>

#include "base/text.h"
#include "http/head.h"

namespace gatehouse::providers {
namespace {

template <class Value>
struct Word {
  std::string_view text;
  Value value;
};

constexpr Word<std::optional<DialectId>> kDialects[] = {
    {"openai_chat", DialectId::openai_chat},
    {"openai_responses", DialectId::openai_responses},
    {"anthropic_messages", DialectId::anthropic_messages},
    {"gemini", DialectId::gemini},
    {"bedrock_converse", DialectId::bedrock_converse},
    {"cohere", DialectId::cohere},
    {"none", kProxyOnly},
};

constexpr Word<llm::DeveloperRole> kDeveloperRoles[] = {
    {"becomes_system", llm::DeveloperRole::becomes_system},
    {"kept", llm::DeveloperRole::kept},
};

constexpr Word<llm::StreamUsage> kStreamUsages[] = {
    {"on_request", llm::StreamUsage::on_request},
    {"unasked", llm::StreamUsage::unasked},
};

/// Reads the fields of one entry into one row. Each step reports what is wrong as an Error.
class EntryReader {
 public:
  EntryReader(const ProviderEntry& entry, const KeepText& keep, ProviderRow& row)
      : entry_(entry), keep_(keep), row_(row) {}

  Result<void> read() {
    using Step = Result<void> (EntryReader::*)();
    for (const Step step :
         {&EntryReader::read_base, &EntryReader::read_auth, &EntryReader::read_dialect,
          &EntryReader::read_names, &EntryReader::read_headers, &EntryReader::read_quirk_words,
          &EntryReader::read_quirk_lists}) {
      if (Result<void> done = (this->*step)(); !done) return done;
    }
    return {};
  }

 private:
  std::unexpected<Failure> wrong(std::string_view field, std::string_view what) const {
    return fail(gateway_error(
        ErrorCode::invalid_config,
        "providers." + entry_.id + "." + std::string(field) + ": " + std::string(what)));
  }

  Result<void> read_base() {
    if (entry_.base_url.empty()) return {};
    const std::optional<BaseUrl> base = split_base_url(keep_(entry_.base_url));
    if (!base) {
      return wrong("base_url", "\"" + entry_.base_url +
                                   "\" is no base URL. Write it as https://host[:port][/path].");
    }
    row_.base = *base;
    return {};
  }

  Result<void> read_auth() {
    if (entry_.auth.empty()) return {};
    if (entry_.auth == "none") {
      row_.signer = SignerId::none;
      row_.key = KeyNeed::optional;
      return {};
    }
    const std::size_t colon = entry_.auth.find(':');
    if (colon == std::string::npos || !http::is_token(entry_.auth.substr(0, colon)) ||
        entry_.auth.find("{key}", colon) == std::string::npos) {
      return wrong("auth", "\"" + entry_.auth +
                               "\" is neither \"none\" nor a header field with {key} in its value, "
                               "such as \"x-api-key: {key}\".");
    }
    row_.signer = SignerId::api_key_header;
    row_.auth = keep_(entry_.auth);
    return {};
  }

  template <class Value, std::size_t N>
  Result<void> read_word(std::string_view field, const std::string& text,
                         const Word<Value> (&words)[N], Value& target) {
    if (text.empty()) return {};
    std::string allowed;
    for (const Word<Value>& word : words) {
      if (word.text == text) {
        target = word.value;
        return {};
      }
      allowed += (allowed.empty() ? "" : ", ") + std::string(word.text);
    }
    return wrong(field, "\"" + text + "\" is not one of: " + allowed + ".");
  }

  Result<void> read_dialect() {
    return read_word("dialect", entry_.dialect, kDialects, row_.dialect);
  }

  template <class List, class Texts, class MakeItem>
  Result<void> read_list(std::string_view field, const Texts& texts, List& list,
                         const MakeItem& make) {
    if (texts.empty()) return {};
    list = {};
    for (const auto& text : texts) {
      if (list.add(make(text))) continue;
      return wrong(field, "at most " + std::to_string(list.size()) + " are possible.");
    }
    return {};
  }

  Result<void> read_names() {
    const auto kept = [this](const std::string& text) { return keep_(text); };
    const auto kept_lower = [this](const std::string& text) { return keep_(lowered(text)); };
    if (!entry_.name.empty()) row_.name = keep_(entry_.name);
    Result<void> read = read_list("aliases", entry_.aliases, row_.aliases, kept_lower);
    if (!read) return read;
    return read_list("env", entry_.env, row_.env, kept);
  }

  Result<void> read_headers() {
    for (const TextPair& header : entry_.headers) {
      if (!http::is_token(header.first)) {
        return wrong("headers", "\"" + header.first + "\" is no name of a header field.");
      }
    }
    return read_list("headers", entry_.headers, row_.headers, [this](const TextPair& header) {
      return ExtraHeader{keep_(header.first), keep_(header.second)};
    });
  }

  Result<void> read_quirk_words() {
    Result<void> read = read_word("developer_role", entry_.developer_role, kDeveloperRoles,
                                  row_.quirks.developer_role);
    if (!read) return read;
    return read_word("stream_usage", entry_.stream_usage, kStreamUsages, row_.quirks.stream_usage);
  }

  Result<void> read_quirk_lists() {
    const auto kept = [this](const std::string& text) { return keep_(text); };
    Quirks& quirks = row_.quirks;
    Result<void> read = read_list("drop", entry_.drop, quirks.drop, kept);
    if (!read) return read;
    read = read_list("drop_in_messages", entry_.drop_in_messages, quirks.drop_in_messages, kept);
    if (!read) return read;
    read = read_list("rename", entry_.rename, quirks.rename, [this](const TextPair& pair) {
      return llm::Rename{keep_(pair.first), keep_(pair.second)};
    });
    if (!read) return read;
    return read_list("defaults", entry_.defaults, quirks.defaults, [this](const TextPair& pair) {
      return llm::Default{keep_(pair.first), keep_(pair.second)};
    });
  }

  const ProviderEntry& entry_;
  const KeepText& keep_;
  ProviderRow& row_;
};

}  // namespace

Result<ProviderRow> row_from_entry(const ProviderEntry& entry, const ProviderRow* known,
                                   const KeepText& keep) {
  ProviderRow row;
  if (known != nullptr) {
    row = *known;
  } else {
    row.id = keep(lowered(entry.id));
    row.name = row.id;
    row.key = KeyNeed::optional;
    row.can = Capabilities::all();
  }
  if (Result<void> read = EntryReader(entry, keep, row).read(); !read) {
    return fail(std::move(read.error()));
  }
  return row;
}

}  // namespace gatehouse::providers
