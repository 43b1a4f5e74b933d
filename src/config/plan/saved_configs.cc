#include "config/plan/saved_configs.h"

#include "base/text.h"
#include "config/plan/parse_plan.h"

namespace gatehouse::config {
namespace {

constexpr std::string_view kAllowed = "a config object: strategy and targets, or a provider";

json::Value value_of(const Cursor& cursor);

/// Plain scalars as YAML's core schema reads them; quoted ones are texts.
json::Value scalar_of(const Cursor& cursor) {
  const std::optional<std::string> text = cursor.scalar(kAllowed);
  if (!text) return nullptr;
  if (cursor.is_quoted()) return json::String(*text);
  if (*text == "true" || *text == "false") return *text == "true";
  if (*text == "null" || *text == "~" || text->empty()) return nullptr;
  if (const auto whole = parse_number<std::int64_t>(*text)) return *whole;
  if (const auto number = parse_number<double>(*text)) return *number;
  return json::String(*text);
}

json::Value list_of(const Cursor& cursor) {
  json::Array list;
  for (std::size_t i = 0; i < cursor.node().size(); ++i) list.push_back(value_of(cursor.item(i)));
  return list;
}

json::Value value_of(const Cursor& cursor) {
  if (cursor.is_empty()) return nullptr;
  if (cursor.node().IsSequence()) return list_of(cursor);
  if (!cursor.node().IsMap()) return scalar_of(cursor);
  json::Object object;
  cursor.for_each_entry(kAllowed, [&](const Cursor& key, const Cursor& value) {
    object[key.node().Scalar()] = value_of(value);
  });
  return object;
}

bool is_secret(std::string_view key) {
  return key.ends_with("api_key") || key.ends_with("secret_access_key") ||
         key.ends_with("session_token") || key.ends_with("client_secret") ||
         key.ends_with("ad_token") || key.ends_with("account_json") || key.ends_with("private_key");
}

void mask(json::Value& value) {
  if (value.is_array()) {
    for (json::Value& each : value.get_array()) mask(each);
  }
  if (!value.is_object()) return;
  for (auto& entry : value.get_object()) {
    const bool is_hidden = is_secret(snake_case(std::string_view(entry.key())));
    if (is_hidden && entry.value().is_string()) {
      const Secret secret{std::string(entry.value().get_string())};
      entry.value() = json::String(secret.masked());
    } else {
      mask(entry.value());
    }
  }
}

void read_one(const Cursor& cursor, const std::string& slug, SavedConfig& out) {
  const std::size_t problems_before = cursor.problem_count();
  const json::Value value = value_of(cursor);
  PlanProblems problems;
  read_saved_plan(value, slug, problems);
  if (cursor.problem_count() > problems_before) return;
  for (const PlanProblem& each : problems) {
    cursor.report("configs." + slug + each.path.substr(std::string_view("config").size()) + " " +
                  each.message);
  }
  out.json = Secret(json::serialize(value));
}

}  // namespace

void SavedConfigs::read(const Cursor& cursor, Value& out) {
  cursor.for_each_entry("slug: config", [&](const Cursor& key, const Cursor& value) {
    const std::string& slug = key.node().Scalar();
    if (!is_slug(slug)) {
      key.report("'" + slug + "' is no slug", kSlugForm);
      return;
    }
    out[slug].place = key.place();
    read_one(value, slug, out[slug]);
  });
}

void SavedConfigs::show(YAML::Emitter& out, const Value& value) {
  if (value.empty()) out << YAML::Flow;
  out << YAML::BeginMap;
  for (const auto& [slug, saved] : value) {
    Result<json::Value> parsed = json::parse(saved.json.reveal());
    if (parsed) mask(*parsed);
    out << YAML::Key << slug << YAML::Value << YAML::Load(parsed ? json::serialize(*parsed) : "{}");
  }
  out << YAML::EndMap;
}

}  // namespace gatehouse::config
