#include "dialects/schema.h"

#include <algorithm>
#include <array>

#include "dialects/json_reader.h"
#include "dialects/json_writer.h"

namespace gatehouse::dialects {
namespace {

constexpr std::size_t kMaxDepth = 100;
constexpr std::size_t kMaxNodes =
    20000;  // references may double at each level: stop before that hurts

json::Object parse_schema(std::string_view text) {
  Result<json::Value> parsed = json::parse(text);
  if (parsed && parsed->is_object()) return std::move(*parsed->if_object());
  return {{"type", "object"}, {"properties", json::Object{}}};
}

bool is_among(std::string_view key, const auto& keys) {
  return std::ranges::find(keys, key) != std::end(keys);
}

/// Calls `visit` for each schema that stands directly within this one.
template <class Visit>
void for_each_child(json::Object& schema, Visit visit) {
  constexpr std::array kMaps = {"properties", "$defs", "definitions", "patternProperties"};
  constexpr std::array kLists = {"anyOf", "oneOf", "allOf", "prefixItems"};
  constexpr std::array kSingles = {"items", "additionalProperties", "not"};
  for (const char* key : kMaps) {
    json::Value* map = schema.if_contains(key);
    if (map == nullptr || !map->is_object()) continue;
    for (auto& member : *map->if_object()) {
      if (json::Object* child = member.value().if_object()) visit(*child);
    }
  }
  for (const char* key : kLists) {
    json::Value* list = schema.if_contains(key);
    if (list == nullptr || !list->is_array()) continue;
    for (json::Value& element : *list->if_array()) {
      if (json::Object* child = element.if_object()) visit(*child);
    }
  }
  for (const char* key : kSingles) {
    json::Value* single = schema.if_contains(key);
    if (single == nullptr) continue;
    if (json::Object* child = single->if_object()) visit(*child);
  }
}

// ---- closed_schema ------------------------------------------------------------------------------

constexpr std::array<std::string_view, 11> kUnknownLimits = {
    "minimum",   "maximum",  "exclusiveMinimum", "exclusiveMaximum", "multipleOf",   "minLength",
    "maxLength", "maxItems", "uniqueItems",      "minProperties",    "maxProperties"};

void describe_limits(json::Object& schema) {
  std::string limits;
  for (const std::string_view key : kUnknownLimits) {
    const json::Value* limit = schema.if_contains(key);
    if (limit == nullptr || limit->is_object()) continue;  // an object is a property of that name
    limits += (limits.empty() ? "" : ", ") + std::string(key) + ": " + to_text(*limit);
    schema.erase(key);
  }
  if (limits.empty()) return;
  const json::Value* given = schema.if_contains("description");
  const json::String* text = given == nullptr ? nullptr : given->if_string();
  const std::string before = text == nullptr ? std::string() : std::string(*text) + " ";
  schema["description"] = before + "(" + limits + ")";
}

void close_objects(json::Object& schema, std::size_t depth) {
  if (depth > kMaxDepth) return;
  describe_limits(schema);
  const json::Value* type = schema.if_contains("type");
  const bool is_object = type != nullptr && type->is_string() && *type->if_string() == "object";
  if (is_object || schema.contains("properties")) schema["additionalProperties"] = false;
  for_each_child(schema, [&](json::Object& child) { close_objects(child, depth + 1); });
}

// ---- openapi_schema -----------------------------------------------------------------------------

/// Replaces references by what they refer to.
class Inliner {
 public:
  explicit Inliner(const json::Object& root) : root_(root) {}

  void inline_all(json::Object& schema, std::size_t depth) {
    if (depth > kMaxDepth || ++nodes_ > kMaxNodes) {
      schema = {{"type", "object"}};
      return;
    }
    const std::size_t opened = open_.size();
    while (const json::Value* reference = schema.if_contains("$ref")) {
      const json::String* name = reference->if_string();
      const std::string target = name == nullptr ? std::string() : std::string(*name);
      schema.erase("$ref");
      if (!follow(target, schema)) break;
    }
    for_each_child(schema, [&](json::Object& child) { inline_all(child, depth + 1); });
    open_.resize(opened);
  }

 private:
  /// Adds what `target` describes; members that stand beside the reference win.
  bool follow(const std::string& target, json::Object& schema) {
    const json::Object* found = find(target);
    if (found == nullptr ||
        is_among(target, open_)) {  // a schema that holds itself has no finite form
      if (!schema.contains("type")) schema["type"] = "object";
      return false;
    }
    open_.push_back(target);
    for (const auto& member : *found) {
      if (!schema.contains(member.key())) schema[member.key()] = member.value();
    }
    return true;
  }

  const json::Object* find(std::string_view target) const {
    for (const std::string_view group : {"$defs", "definitions"}) {
      const std::string prefix = "#/" + std::string(group) + "/";
      if (!target.starts_with(prefix)) continue;
      const json::Value* definitions = root_.if_contains(group);
      const json::Value* found =
          definitions == nullptr ? nullptr : json::find(*definitions, target.substr(prefix.size()));
      return found == nullptr ? nullptr : found->if_object();
    }
    return nullptr;
  }

  const json::Object& root_;
  std::vector<std::string> open_;  // the references that we are within
  std::size_t nodes_ = 0;
};

constexpr std::array<std::string_view, 17> kKnownToGemini = {
    "type",      "format",    "title",      "description", "nullable", "enum",
    "maxItems",  "minItems",  "properties", "required",    "minimum",  "maximum",
    "minLength", "maxLength", "pattern",    "anyOf",       "items"};

bool is_null_schema(const json::Value& schema) { return text_at(schema, "type") == "null"; }

void adopt(json::Object& schema, const json::Object& part) {
  for (const auto& member : part) {
    json::Value* own = schema.if_contains(member.key());
    if (own != nullptr && own->is_object() && member.value().is_object()) {
      for (const auto& inner : *member.value().if_object()) {
        own->if_object()->insert_or_assign(inner.key(), inner.value());
      }
    } else if (own != nullptr && own->is_array() && member.value().is_array()) {
      for (const json::Value& element : *member.value().if_array())
        own->if_array()->push_back(element);
    } else if (own == nullptr) {
      schema[member.key()] = member.value();
    }
  }
}

void merge_all_of(json::Object& schema) {
  json::Value* list = schema.if_contains("allOf");
  if (list == nullptr) return;
  const json::Value parts = std::move(*list);
  schema.erase("allOf");
  if (!parts.is_array()) return;
  for (const json::Value& part : *parts.if_array()) {
    if (const json::Object* object = part.if_object()) adopt(schema, *object);
  }
}

/// Of `anyOf` or `oneOf`, the null branch becomes `nullable`, and a single branch that is left the
/// schema.
void flatten_choice(json::Object& schema) {
  for (const std::string_view key : {"anyOf", "oneOf"}) {
    json::Value* list = schema.if_contains(key);
    if (list == nullptr || !list->is_array()) continue;
    json::Array branches;
    for (json::Value& branch : *list->if_array()) {
      is_null_schema(branch) ? schema["nullable"] = true : branches.emplace_back(std::move(branch));
    }
    schema.erase(key);
    if (branches.size() == 1 && branches.front().is_object()) {
      adopt(schema, *branches.front().if_object());
    } else if (!branches.empty()) {
      schema["anyOf"] = std::move(branches);
    }
  }
}

/// `type: [T, "null"]` is T that is nullable; several types are a choice of schemas.
void settle_type(json::Object& schema) {
  json::Value* type = schema.if_contains("type");
  if (type == nullptr || !type->is_array()) return;
  json::Array types;
  for (const json::Value& word : *type->if_array()) {
    const bool is_null = word.is_string() && *word.if_string() == "null";
    is_null ? schema["nullable"] = true : types.emplace_back(word);
  }
  schema.erase("type");
  if (types.size() == 1) {
    schema["type"] = types.front();
  } else if (!types.empty()) {
    json::Array branches;
    for (json::Value& word : types) branches.emplace_back(json::Object{{"type", std::move(word)}});
    schema["anyOf"] = std::move(branches);
  }
}

void settle_enum(json::Object& schema) {
  if (const json::Value* constant = schema.if_contains("const")) {
    schema["enum"] = json::Array{*constant};
  }
  json::Value* values = schema.if_contains("enum");
  if (values == nullptr || !values->is_array()) return;
  json::Array kept;  // Gemini's enums hold strings alone
  for (const json::Value& value : *values->if_array()) {
    if (value.is_null()) {
      schema["nullable"] = true;
    } else {
      kept.emplace_back(value.is_string() ? value : json::Value(to_text(value)));
    }
  }
  schema["enum"] = std::move(kept);
  schema["type"] = "string";
}

void cut_to_openapi(json::Object& schema, std::size_t depth) {
  if (depth > kMaxDepth) return;
  merge_all_of(schema);
  settle_type(schema);
  flatten_choice(schema);
  settle_type(schema);
  settle_enum(schema);
  std::vector<std::string> refused;
  for (const auto& member : schema) {
    if (!is_among(std::string_view(member.key()), kKnownToGemini))
      refused.emplace_back(member.key());
  }
  for (const std::string& key : refused) schema.erase(key);
  for_each_child(schema, [&](json::Object& child) { cut_to_openapi(child, depth + 1); });
}

}  // namespace

std::string object_schema(std::string_view schema) {
  if (schema.empty()) return R"({"type":"object","properties":{}})";
  json::Object parsed = parse_schema(schema);
  if (parsed.contains("type")) return std::string(schema);
  parsed["type"] = "object";
  return to_text(json::Value(std::move(parsed)));
}

std::string closed_schema(std::string_view schema) {
  json::Object parsed = parse_schema(schema);
  close_objects(parsed, 0);
  return to_text(json::Value(std::move(parsed)));
}

std::string openapi_schema(std::string_view schema) {
  json::Object parsed = parse_schema(schema);
  const json::Object root = parsed;
  parsed.erase("$defs");
  parsed.erase("definitions");
  Inliner(root).inline_all(parsed, 0);
  cut_to_openapi(parsed, 0);
  return to_text(json::Value(std::move(parsed)));
}

}  // namespace gatehouse::dialects
