// How a section of gatehouse.yaml is read, shown and checked from one table.
//
// A section is a struct, and its table a list of rows {key, reader, writer}, made by
// `key<&Section:: member, Codec>("name")`. A Codec reads a value under a Cursor and shows it again;
// codecs nest:
//   Scalar<Format>     one value                 ListOf<Codec>    a list, or one value alone
//   Optional<Codec>    set or not                SectionOf<S>     a nested section
//   BySlugOf<S>        slug: section             NamedValues<...> name: value, in order
// A key with nothing after it leaves the default. Reading never stops at a problem.
#pragma once

#include <yaml-cpp/yaml.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/settings.h"
#include "config/yaml_cursor.h"

namespace gatehouse::config {

template <class Section>
struct KeyRow {
  std::string_view name;
  void (*read)(const Cursor&, Section&);
  void (*show)(YAML::Emitter&, const Section&);  // nullptr: another name of a key shown elsewhere
};

/// The table of a section. Specialised once for each.
template <class Section>
std::span<const KeyRow<Section>> rows_of();

/// What no single key can tell. Specialised where keys depend on each other.
template <class Section>
void check_section(const Cursor& /*cursor*/, const Section& /*section*/) {}

/// Reports an unknown key, with the nearest known one and with all of them.
void report_unknown_key(const Cursor& key, std::span<const std::string_view> known);

template <class Section>
std::vector<std::string_view> names_of() {
  std::vector<std::string_view> names;
  for (const KeyRow<Section>& row : rows_of<Section>()) names.push_back(row.name);
  return names;
}

template <class Format>
struct Scalar {
  using Value = typename Format::Value;

  static void read(const Cursor& cursor, Value& out) {
    const std::optional<std::string> text = cursor.scalar(Format::allowed());
    if (!text) return;
    if (std::optional<Value> value = Format::parse(*text)) {
      out = std::move(*value);
    } else if constexpr (requires { Format::kIsShown; }) {
      cursor.report_bad_secret(Format::allowed());
    } else {
      cursor.report_bad_value(Format::allowed());
    }
  }
  static void show(YAML::Emitter& out, const Value& value) {
    const std::string text = Format::show(value);
    if (text.empty()) {
      out << YAML::Null;
    } else {
      out << text;
    }
  }
};

template <class Codec>
struct Optional {
  using Value = std::optional<typename Codec::Value>;

  static void read(const Cursor& cursor, Value& out) {
    if (!out) out.emplace();
    Codec::read(cursor, *out);
  }
  static void show(YAML::Emitter& out, const Value& value) {
    if (value) {
      Codec::show(out, *value);
    } else {
      out << YAML::Null;
    }
  }
};

/// A list replaces the default; it is never added to it.
template <class Codec>
struct ListOf {
  using Value = std::vector<typename Codec::Value>;

  static void read(const Cursor& cursor, Value& out) {
    out.clear();
    if (!cursor.node().IsSequence()) {
      Codec::read(cursor, out.emplace_back());
      return;
    }
    for (std::size_t i = 0; i < cursor.node().size(); ++i) {
      Codec::read(cursor.item(i), out.emplace_back());
    }
  }
  static void show(YAML::Emitter& out, const Value& value) {
    if (value.empty()) out << YAML::Flow;
    out << YAML::BeginSeq;
    for (const auto& item : value) Codec::show(out, item);
    out << YAML::EndSeq;
  }
};

template <class Section>
struct SectionOf {
  using Value = Section;

  static void read(const Cursor& cursor, Section& out) {
    const std::vector<std::string_view> names = names_of<Section>();
    const std::size_t problems_before = cursor.problem_count();
    cursor.for_each_entry(join_names(names), [&](const Cursor& key, const Cursor& value) {
      for (const KeyRow<Section>& row : rows_of<Section>()) {
        if (row.name != key.node().Scalar()) continue;
        if (!value.is_empty()) row.read(value, out);
        return;
      }
      report_unknown_key(key, names);
    });
    if constexpr (requires { out.place; }) out.place = cursor.place();
    // A key that could not be read would only be reported again, as missing.
    if (cursor.problem_count() == problems_before) check_section(cursor, out);
  }
  static void show(YAML::Emitter& out, const Section& section) {
    out << YAML::BeginMap;
    for (const KeyRow<Section>& row : rows_of<Section>()) {
      if (row.show == nullptr) continue;
      out << YAML::Key << std::string(row.name) << YAML::Value;
      row.show(out, section);
    }
    out << YAML::EndMap;
  }
};

/// Whether `text` may name a virtual key or a provider: letters, digits, '-', '_', '.'. A '/' or an
/// '@' would make `@slug/model` ambiguous.
bool is_slug(std::string_view text);
inline constexpr std::string_view kSlugForm =
    "letters, digits, '-', '_' and '.', such as my-openai";

template <class Section>
struct BySlugOf {
  using Value = BySlug<Section>;

  static void read(const Cursor& cursor, Value& out) {
    cursor.for_each_entry("slug: section", [&](const Cursor& key, const Cursor& value) {
      const std::string& slug = key.node().Scalar();
      if (!is_slug(slug)) {
        key.report("'" + slug + "' is no slug", kSlugForm);
        return;
      }
      SectionOf<Section>::read(value, out[slug]);
      out[slug].place = key.place();
    });
  }
  static void show(YAML::Emitter& out, const Value& value) {
    if (value.empty()) out << YAML::Flow;
    out << YAML::BeginMap;
    for (const auto& [slug, section] : value) {
      out << YAML::Key << slug << YAML::Value;
      SectionOf<Section>::show(out, section);
    }
    out << YAML::EndMap;
  }
};

/// A mapping whose keys are the operator's own, as a list of Items {name, value} in their order.
template <class Item, class NameFormat, class ValueCodec>
struct NamedValues {
  using Value = std::vector<Item>;

  static void read(const Cursor& cursor, Value& out) {
    out.clear();
    cursor.for_each_entry("name: value", [&](const Cursor& key, const Cursor& value) {
      std::optional<std::string> name = NameFormat::parse(key.node().Scalar());
      if (!name) {
        key.report("'" + key.node().Scalar() + "' is no name here", NameFormat::allowed());
        return;
      }
      Item& item = out.emplace_back();
      item.name = std::move(*name);
      ValueCodec::read(value, item.value);
    });
  }
  static void show(YAML::Emitter& out, const Value& value) {
    if (value.empty()) out << YAML::Flow;
    out << YAML::BeginMap;
    for (const Item& item : value) {
      out << YAML::Key << item.name << YAML::Value;
      ValueCodec::show(out, item.value);
    }
    out << YAML::EndMap;
  }
};

template <class Member>
struct MemberParts;
template <class Section, class Value>
struct MemberParts<Value Section::*> {
  using Owner = Section;
};

template <auto Member, class Codec>
constexpr KeyRow<typename MemberParts<decltype(Member)>::Owner> key(std::string_view name) {
  using Owner = typename MemberParts<decltype(Member)>::Owner;
  return {name, [](const Cursor& cursor, Owner& section) { Codec::read(cursor, section.*Member); },
          [](YAML::Emitter& out, const Owner& section) { Codec::show(out, section.*Member); }};
}

/// A second name of a member: read, never shown.
template <auto Member, class Codec>
constexpr KeyRow<typename MemberParts<decltype(Member)>::Owner> key_alias(std::string_view name) {
  auto row = key<Member, Codec>(name);
  row.show = nullptr;
  return row;
}

}  // namespace gatehouse::config
