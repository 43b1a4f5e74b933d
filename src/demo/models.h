// The demo's models, and those that go wrong on purpose.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "demo/refusal.h"
#include "json/value.h"

namespace gatehouse::demo {

/// How long to wait before the first part of an answer, and before each other one.
struct Pace {
  std::chrono::milliseconds first{10};
  std::chrono::milliseconds next{5};
};

enum class Fate : std::uint8_t { whole, cut };

struct Model {
  std::string name;  // as answers show it
  Pace pace;
  Fate fate = Fate::whole;
};

/// `otherwise` is the model that answers for a name that is not the demo's own.
/// Refuses what the model stands for: the status of `demo-error-NNN`, 404 for an unknown `demo-`
/// name.
Outcome<Model> find_model(std::string_view name, std::string_view otherwise);

/// What GET /models answers.
json::Value list_models(std::int64_t created);

/// What GET /models/{name} answers. Refuses an unknown name.
Outcome<json::Value> describe_model(std::string_view name, std::int64_t created);

}  // namespace gatehouse::demo
