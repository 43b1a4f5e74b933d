#include "dialects/anthropic_messages/model_traits.h"

#include <array>

namespace gatehouse::dialects::anthropic_messages {
namespace {

using enum Thinking;

constexpr std::int64_t kOldestOutput = 4096;
constexpr std::string_view kEfforts = "low medium high";
constexpr std::string_view kEffortsToMax = "low medium high max";
constexpr std::string_view kAllEfforts = "low medium high xhigh max";

constexpr ModelTraits kUnlisted{"", kOldestOutput, adaptive, true, kAllEfforts};

// A longer name stands before a shorter one.
constexpr std::array kModels = {
    ModelTraits{"claude-2", 4096, none, false, ""},
    ModelTraits{"claude-instant", 4096, none, false, ""},
    ModelTraits{"claude-3-5", 8192, none, false, ""},
    ModelTraits{"claude-3-7", 64000, budget, false, ""},
    ModelTraits{"claude-3", 4096, none, false, ""},
    ModelTraits{"claude-opus-4-7", 128000, adaptive, true, kAllEfforts},
    ModelTraits{"claude-opus-4-6", 128000, either, true, kEffortsToMax},
    ModelTraits{"claude-opus-4-5", 64000, budget, true, kEfforts},
    ModelTraits{"claude-opus-4-1", 32000, budget, true, ""},
    ModelTraits{"claude-opus-4-0", 32000, budget, false, ""},
    ModelTraits{"claude-opus-4", 32000, budget, false, ""},
    ModelTraits{"claude-sonnet-4-6", 64000, either, true, kEffortsToMax},
    ModelTraits{"claude-sonnet-4-5", 64000, budget, true, ""},
    ModelTraits{"claude-sonnet-4-0", 64000, budget, false, ""},
    ModelTraits{"claude-sonnet-4", 64000, budget, false, ""},
    ModelTraits{"claude-haiku-4-5", 64000, budget, true, ""},
    ModelTraits{"claude-opus-5", 128000, adaptive, true, kAllEfforts},
    ModelTraits{"claude-sonnet-5", 64000, adaptive, true, kAllEfforts},
    ModelTraits{"claude-haiku-5", 64000, adaptive, true, kAllEfforts},
};

/// "-6" or "-6-fast", but not a date: the name before it is of another model then.
bool begins_minor_version(std::string_view rest) {
  const auto is_digit = [&](std::size_t at) {
    return at < rest.size() && rest[at] >= '0' && rest[at] <= '9';
  };
  return rest.starts_with('-') && is_digit(1) && !is_digit(2);
}

}  // namespace

const ModelTraits& traits_of(std::string_view model) {
  const std::size_t at = model.find("claude-");
  if (at == std::string_view::npos) return kUnlisted;
  const std::string_view name = model.substr(at);
  for (const ModelTraits& traits : kModels) {
    if (!name.starts_with(traits.name)) continue;
    if (!begins_minor_version(name.substr(traits.name.size()))) return traits;
  }
  return kUnlisted;
}

}  // namespace gatehouse::dialects::anthropic_messages
