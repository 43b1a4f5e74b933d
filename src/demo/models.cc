#include "demo/models.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"

namespace gatehouse::demo {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kOwn = "demo-";
constexpr std::string_view kError = "demo-error-";
constexpr Pace kSlow = {2000ms, 200ms};

constexpr std::array<std::string_view, 10> kNames = {
    "demo-chat",       "demo-embed", "demo-moderation", "demo-image",     "demo-speech",
    "demo-transcribe", "demo-slow",  "demo-cut",        "demo-error-429", "demo-error-500"};

bool is_listed(std::string_view name) {
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

Refusal unknown(std::string_view name) {
  return {404,
          "The model '" + std::string(name) +
              "' does not exist. The demo has: demo-chat, demo-embed, demo-slow, demo-cut, "
              "demo-error-429 and demo-error-500.",
          "invalid_request_error", "model", "model_not_found"};
}

Refusal ordered_error(int status) {
  const std::string tail = " This is the error that the model's name asked the demo for.";
  if (status == 429) {
    return {status, "Rate limit exceeded for demo-error-429." + tail, "requests", "",
            "rate_limit_exceeded"};
  }
  const bool is_ours = status >= 500;
  return {status, "The demo answers with status " + std::to_string(status) + "." + tail,
          is_ours ? "server_error" : "invalid_request_error", "", is_ours ? "server_error" : ""};
}

std::optional<int> ordered_status(std::string_view name) {
  if (!name.starts_with(kError)) return std::nullopt;
  const std::optional<int> status = parse_number<int>(name.substr(kError.size()));
  return status && *status >= 400 && *status <= 599 ? status : std::nullopt;
}

json::Value describe(std::string_view name, std::int64_t created) {
  return json::Object{
      {"id", name}, {"object", "model"}, {"created", created}, {"owned_by", "demo"}};
}

}  // namespace

Outcome<Model> find_model(std::string_view name, std::string_view otherwise) {
  if (const std::optional<int> status = ordered_status(name)) {
    return std::unexpected(ordered_error(*status));
  }
  if (name == "demo-slow") return Model{std::string(name), kSlow, Fate::whole};
  if (name == "demo-cut") return Model{std::string(name), {}, Fate::cut};
  if (name.starts_with(kOwn) && !is_listed(name)) return std::unexpected(unknown(name));
  return Model{std::string(otherwise), {}, Fate::whole};
}

json::Value list_models(std::int64_t created) {
  json::Array list;
  for (const std::string_view name : kNames) list.push_back(describe(name, created));
  return json::Object{{"object", "list"}, {"data", std::move(list)}};
}

Outcome<json::Value> describe_model(std::string_view name, std::int64_t created) {
  if (!is_listed(name)) return std::unexpected(unknown(name));
  return describe(name, created);
}

}  // namespace gatehouse::demo
