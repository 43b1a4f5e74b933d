// The forms in which single values stand in gatehouse.yaml. Each format is a type with
//   Value                       what it reads
//   allowed()                   what may stand there, for people
//   parse(text)                 the value, or nothing
//   show(value)                 a text that parses to the value again (a secret: masked)
//   kIsShown = false            if what an operator mistakes for it may hold a secret
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/secret.h"
#include "base/text.h"
#include "config/ip_address.h"
#include "config/listen_address.h"
#include "config/problem.h"
#include "config/settings.h"

namespace gatehouse::config {

struct TextFormat {
  using Value = std::string;
  static std::string allowed() { return "a text that is not empty"; }
  static std::optional<std::string> parse(std::string_view text);
  static std::string show(const std::string& value) { return value; }
};

/// Text that is compared ignoring case, such as names of header fields.
struct HeaderNameFormat {
  using Value = std::string;
  static std::string allowed() { return "a header name such as x-session-id"; }
  static std::optional<std::string> parse(std::string_view text);
  static std::string show(const std::string& value) { return value; }
};

struct SecretFormat {
  using Value = Secret;
  static constexpr bool kIsShown = false;
  static std::string allowed() { return "a key, best written as ${VARIABLE}"; }
  static std::optional<Secret> parse(std::string_view text);
  static std::string show(const Secret& value) { return value.is_empty() ? "" : value.masked(); }
};

/// A secret that no header field carries as it is, such as the JSON of a service account: it may
/// have several lines.
struct SecretTextFormat {
  using Value = Secret;
  static constexpr bool kIsShown = false;
  static std::string allowed() { return "a text, best written as ${VARIABLE}"; }
  static std::optional<Secret> parse(std::string_view text) { return Secret(std::string(text)); }
  static std::string show(const Secret& value) { return SecretFormat::show(value); }
};

struct SwitchFormat {
  using Value = bool;
  static std::string allowed() { return "true, false"; }
  static std::optional<bool> parse(std::string_view text);
  static std::string show(bool value) { return value ? "true" : "false"; }
};

/// A whole number from Least to Most.
template <std::uint32_t Least, std::uint32_t Most = std::numeric_limits<std::uint32_t>::max()>
struct CountFormat {
  using Value = std::uint32_t;
  static std::string allowed() {
    return "a whole number from " + std::to_string(Least) + " to " + std::to_string(Most);
  }
  static std::optional<std::uint32_t> parse(std::string_view text) {
    const auto value = parse_number<std::uint32_t>(text);
    return value && *value >= Least && *value <= Most ? value : std::nullopt;
  }
  static std::string show(std::uint32_t value) { return std::to_string(value); }
};

/// From 0 to 1: 0.95.
struct FractionFormat {
  using Value = double;
  static std::string allowed() { return "a number from 0 to 1, such as 0.95"; }
  static std::optional<double> parse(std::string_view text);
  static std::string show(double value);
};

std::optional<std::uint64_t> parse_size(std::string_view text);
std::string show_size(std::uint64_t bytes);

/// 64KiB, 1MB, 4096.
template <std::uint64_t Least>
struct SizeFormat {
  using Value = std::uint64_t;
  static std::string allowed() {
    return "a size of at least " + show_size(Least) + ", such as 4096, 64KiB, 1MB, 2GiB";
  }
  static std::optional<std::uint64_t> parse(std::string_view text) {
    const auto value = parse_size(text);
    return value && *value >= Least ? value : std::nullopt;
  }
  static std::string show(std::uint64_t value) { return show_size(value); }
};

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);
std::string show_duration(std::chrono::milliseconds value);

enum class Zero : std::uint8_t { refused, means_off };

/// 500ms, 30s, 2m, 1h.
template <Zero zero>
struct DurationFormat {
  using Value = std::chrono::milliseconds;
  static std::string allowed() {
    return zero == Zero::refused ? "a duration such as 500ms, 30s, 2m, 1h"
                                 : "a duration such as 500ms, 30s, 2m, 1h, or 0 for none";
  }
  static std::optional<Value> parse(std::string_view text) {
    const auto value = parse_duration(text);
    return value && (zero == Zero::means_off || value->count() > 0) ? value : std::nullopt;
  }
  static std::string show(Value value) { return show_duration(value); }
};

struct ListenFormat {
  using Value = ListenAddress;
  static std::string allowed() { return std::string(kListenForms); }
  static std::optional<ListenAddress> parse(std::string_view text);
  static std::string show(const ListenAddress& value) { return value.text(); }
};

struct IpRangeFormat {
  using Value = IpRange;
  static std::string allowed() { return "an address or range such as 10.0.0.0/8, 192.0.2.1, ::1"; }
  static std::optional<IpRange> parse(std::string_view text) { return IpRange::parse(text); }
  static std::string show(const IpRange& value) { return value.text(); }
};

struct TrustedHostFormat {
  using Value = std::string;
  static std::string allowed() { return "a host, *.domain, an address or a range of addresses"; }
  static std::optional<std::string> parse(std::string_view text);
  static std::string show(const std::string& value) { return value; }
};

/// A file that exists and can be read now; empty: none.
struct FileFormat {
  using Value = std::string;
  static std::string allowed() { return "the path of a file that can be read"; }
  static std::optional<std::string> parse(std::string_view text);
  static std::string show(const std::string& value) { return value; }
};

/// An http or https URL; {placeholders} are left for the provider room to fill.
struct BaseUrlFormat {
  using Value = std::string;
  static constexpr bool kIsShown = false;
  static std::string allowed() { return "an http or https URL such as https://llm.example.com/v1"; }
  static std::optional<std::string> parse(std::string_view text);
  static std::string show(const std::string& value) { return value; }
};

/// How a provider wants its key: "Authorization: Bearer {key}", "api-key: {key}", "none".
struct AuthTemplateFormat {
  using Value = std::string;
  static constexpr bool kIsShown = false;
  static std::string allowed() {
    return "none, or a header with {key} such as 'Authorization: Bearer {key}', 'api-key: {key}'";
  }
  static std::optional<std::string> parse(std::string_view text);
  static std::string show(const std::string& value) { return value; }
};

/// The SHA-256 of a gateway key in hex, with or without "sha256:" before it.
struct Sha256Format {
  using Value = std::optional<Sha256>;
  static constexpr bool kIsShown = false;
  static std::string allowed() { return "the SHA-256 of a key: 64 hex digits"; }
  static std::optional<Value> parse(std::string_view text);
  static std::string show(const Value& value);
};

/// One of a few words, kept as text. `kWords` is a constexpr array of them.
template <const auto& kWords>
struct WordFormat {
  using Value = std::string;
  static std::string allowed() { return join_names(kWords); }
  static std::optional<std::string> parse(std::string_view text) {
    for (const std::string_view word : kWords) {
      if (word == text) return std::string(word);
    }
    return std::nullopt;
  }
  static std::string show(const std::string& value) { return value; }
};

/// Specialise: `static constexpr std::pair<std::string_view, Enum> kNames[]`.
template <class Enum>
struct EnumNames;

template <class Enum>
struct EnumFormat {
  using Value = Enum;
  static std::string allowed() {
    std::string out;
    for (const auto& [name, value] : EnumNames<Enum>::kNames) {
      if (!out.empty()) out += ", ";
      out += name;
    }
    return out;
  }
  static std::optional<Enum> parse(std::string_view text) {
    for (const auto& [name, value] : EnumNames<Enum>::kNames) {
      if (name == text) return value;
    }
    return std::nullopt;
  }
  static std::string show(Enum wanted) {
    for (const auto& [name, value] : EnumNames<Enum>::kNames) {
      if (value == wanted) return std::string(name);
    }
    return {};
  }
};

}  // namespace gatehouse::config
