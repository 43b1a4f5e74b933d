#include "dialects/openai_chat/model_traits.h"

#include <array>

namespace gatehouse::dialects::openai_chat {
namespace {

constexpr ModelTraits kUnknown{};

// A longer prefix stands before a shorter one.
constexpr std::array kModels = {
    ModelTraits{"gpt-5-chat", Reasons::no, ""},  ModelTraits{"gpt-5-pro", Reasons::yes, "high"},
    ModelTraits{"gpt-5.", Reasons::yes, "none"}, ModelTraits{"gpt-5", Reasons::yes, "minimal"},
    ModelTraits{"gpt-4", Reasons::no, ""},       ModelTraits{"gpt-3.5", Reasons::no, ""},
    ModelTraits{"chatgpt", Reasons::no, ""},     ModelTraits{"gpt-oss", Reasons::yes, "low"},
    ModelTraits{"o1-mini", Reasons::no, ""},     ModelTraits{"o1-preview", Reasons::no, ""},
    ModelTraits{"o1", Reasons::yes, "low"},      ModelTraits{"o3", Reasons::yes, "low"},
    ModelTraits{"o4", Reasons::yes, "low"},
};

}  // namespace

const ModelTraits& traits_of(std::string_view model) {
  model = model.substr(model.rfind('/') + 1);  // "openai/gpt-4o"; npos + 1 is 0
  for (const ModelTraits& traits : kModels) {
    if (model.starts_with(traits.prefix)) return traits;
  }
  return kUnknown;
}

}  // namespace gatehouse::dialects::openai_chat
