#include "demo/schema_instance.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>

namespace gatehouse::demo {
namespace {

using json::Array;
using json::find;
using json::Object;
using json::Value;

constexpr int kMaxDepth = 12;
constexpr std::size_t kMaxWeight = 2'000;  // a schema of a few lines can mean a value beyond bounds
constexpr std::size_t kMaxItems = 16;
constexpr std::size_t kMaxLength = 256;

struct Sample {
  std::string_view format;
  std::string_view text;
};

constexpr Sample kSamples[] = {
    {"date", "2025-01-31"},
    {"date-time", "2025-01-31T12:00:00Z"},
    {"time", "12:00:00Z"},
    {"duration", "PT1H"},
    {"email", "demo@example.com"},
    {"hostname", "example.com"},
    {"ipv4", "192.0.2.1"},
    {"ipv6", "2001:db8::1"},
    {"uri", "https://example.com/"},
    {"url", "https://example.com/"},
    {"uuid", "00000000-0000-4000-8000-000000000000"},
};

const Value* first_of(const Value& schema, std::string_view key) {
  const Value* list = find(schema, key);
  if (list == nullptr || !list->is_array() || list->get_array().empty()) return nullptr;
  return &list->get_array().front();
}

double number_or(const Value& schema, std::string_view key, double otherwise) {
  const Value* value = find(schema, key);
  if (value == nullptr || !value->is_number()) return otherwise;
  return value->to_number<double>();
}

std::size_t size_or(const Value& schema, std::string_view key, std::size_t otherwise,
                    std::size_t most) {
  const double wanted = number_or(schema, key, static_cast<double>(otherwise));
  return static_cast<std::size_t>(std::clamp(wanted, 0.0, static_cast<double>(most)));
}

/// How much a copy of a value adds to an answer: its parts, and sixteen bytes of text for one.
std::size_t weight_of(const Value& value) {
  if (value.is_string()) return 1 + value.get_string().size() / 16;
  std::size_t weight = 1;
  if (value.is_array()) {
    for (const Value& one : value.get_array()) weight += weight_of(one);
  }
  if (value.is_object()) {
    for (const auto& [key, one] : value.get_object()) weight += weight_of(one) + key.size() / 16;
  }
  return weight;
}

class Builder {
 public:
  explicit Builder(const Value& root) : root_(root) {}

  Value build(const Value& schema, int depth) {
    if (++weight_ > kMaxWeight || depth > kMaxDepth || !schema.is_object()) return nullptr;
    if (const Value* ready = ready_value(schema)) {
      weight_ += weight_of(*ready);
      return weight_ > kMaxWeight ? Value(nullptr) : *ready;
    }
    if (const Value* target = referenced(schema)) return build(*target, depth + 1);
    if (const Value* branch = branch_of(schema)) return build(*branch, depth + 1);
    if (const Value* parts = find(schema, "allOf"); parts != nullptr && parts->is_array()) {
      return merge(parts->get_array(), depth);
    }
    return by_type(schema, depth);
  }

 private:
  static const Value* ready_value(const Value& schema) {
    for (const std::string_view key : {"const", "default"}) {
      if (const Value* value = find(schema, key)) return value;
    }
    for (const std::string_view key : {"enum", "examples"}) {
      if (const Value* value = first_of(schema, key)) return value;
    }
    return nullptr;
  }

  const Value* referenced(const Value& schema) const {
    std::string_view pointer = json::string_or(schema, "$ref", "");
    if (!pointer.starts_with("#/")) return nullptr;
    pointer.remove_prefix(2);
    const Value* at = &root_;
    while (at != nullptr && !pointer.empty()) {
      const std::size_t slash = std::min(pointer.find('/'), pointer.size());
      at = find(*at, pointer.substr(0, slash));
      pointer.remove_prefix(std::min(slash + 1, pointer.size()));
    }
    return at;
  }

  /// The first alternative that is not null.
  static const Value* branch_of(const Value& schema) {
    for (const std::string_view key : {"anyOf", "oneOf"}) {
      const Value* list = find(schema, key);
      if (list == nullptr || !list->is_array()) continue;
      for (const Value& branch : list->get_array()) {
        if (json::string_or(branch, "type", "") != "null") return &branch;
      }
    }
    return nullptr;
  }

  Value merge(const Array& parts, int depth) {
    Object merged;
    for (const Value& part : parts) {
      Value one = build(part, depth + 1);
      if (!one.is_object()) return one;
      for (const auto& [key, value] : one.get_object()) merged[key] = value;
    }
    return merged;
  }

  static std::string_view type_of(const Value& schema) {
    const Value* type = find(schema, "type");
    if (type == nullptr) return find(schema, "properties") != nullptr ? "object" : "string";
    if (type->is_string()) return std::string_view(type->get_string());
    if (!type->is_array()) return "string";
    for (const Value& one : type->get_array()) {
      if (one.is_string() && one.get_string() != "null") return std::string_view(one.get_string());
    }
    return "null";
  }

  Value by_type(const Value& schema, int depth) {
    const std::string_view type = type_of(schema);
    if (type == "object") return object_of(schema, depth);
    if (type == "array") return array_of(schema, depth);
    if (type == "string") return string_of(schema);
    if (type == "integer") return static_cast<std::int64_t>(std::ceil(lower_bound_of(schema)));
    if (type == "number") return number_of(schema);
    if (type == "boolean") return true;
    return nullptr;
  }

  static double lower_bound_of(const Value& schema) {
    constexpr double kFarthest = 1e15;  // an integer beyond would not survive the conversion
    const double above = number_or(schema, "exclusiveMinimum", 0) + 1;
    const double least = number_or(schema, "minimum", above);
    return std::clamp(std::min(least, number_or(schema, "maximum", least)), -kFarthest, kFarthest);
  }

  static Value number_of(const Value& schema) {
    const double bound = lower_bound_of(schema);
    if (bound == std::floor(bound)) return static_cast<std::int64_t>(bound);
    return bound;
  }

  static Value string_of(const Value& schema) {
    const std::string_view format = json::string_or(schema, "format", "");
    for (const Sample& sample : kSamples) {
      if (sample.format == format) return Value(sample.text);
    }
    std::string text = "demo";
    text.resize(std::max(text.size(), size_or(schema, "minLength", 0, kMaxLength)), 'o');
    text.resize(std::min(text.size(), size_or(schema, "maxLength", text.size(), kMaxLength)));
    return Value(text);
  }

  Value array_of(const Value& schema, int depth) {
    const Value* items = find(schema, "items");
    Array list;
    if (items == nullptr) return list;
    const std::size_t least = std::max<std::size_t>(1, size_or(schema, "minItems", 1, kMaxItems));
    const std::size_t count = std::min(least, size_or(schema, "maxItems", least, kMaxItems));
    for (std::size_t i = 0; i < count && depth < kMaxDepth; ++i) {
      list.push_back(build(*items, depth + 1));
    }
    return list;
  }

  Value object_of(const Value& schema, int depth) {
    Object object;
    const Value* properties = find(schema, "properties");
    if (properties == nullptr || !properties->is_object()) return object;
    const Value* required = find(schema, "required");
    const bool takes_all = required == nullptr || !required->is_array();
    for (const auto& [key, property] : properties->get_object()) {
      const auto is_key = [&](const Value& name) {
        return name.is_string() && std::string_view(name.get_string()) == std::string_view(key);
      };
      if (takes_all ||
          std::any_of(required->get_array().begin(), required->get_array().end(), is_key)) {
        object[key] = build(property, depth + 1);
      }
    }
    return object;
  }

  const Value& root_;
  std::size_t weight_ = 0;
};

}  // namespace

json::Value instance_of(const json::Value& schema) { return Builder(schema).build(schema, 0); }

}  // namespace gatehouse::demo
