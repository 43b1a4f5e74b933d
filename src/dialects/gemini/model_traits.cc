#include "dialects/gemini/model_traits.h"

#include <array>

namespace gatehouse::dialects::gemini {
namespace {

using enum Thinking;

constexpr ModelTraits kUnlisted{"", level, 0, 1, true, true, true, true};

// A longer name stands before a shorter one.
constexpr std::array kModels = {
    ModelTraits{"gemini-1", none, 0, 1, false, false, false, false},
    ModelTraits{"gemini-2.0-flash-thinking", none, 0, 1, false, false, false, false},
    ModelTraits{"gemini-2.0", none, 0, 1, false, false, false, false},
    ModelTraits{"gemini-2.5-flash-image", none, 0, 1, false, true, false, false},
    ModelTraits{"gemini-2.5-flash-lite", budget, 0, 512, false, true, false, false},
    ModelTraits{"gemini-2.5-flash", budget, 0, 1, false, true, false, false},
    ModelTraits{"gemini-2.5-pro", budget, 128, 128, false, true, false, false},
    ModelTraits{"gemini-2.5", budget, 0, 1, false, true, false, false},
    ModelTraits{"gemini-3-pro", level, 0, 1, false, true, true, true},
    ModelTraits{"gemini-pro", level, 0, 1, false, true, true, true},
    ModelTraits{"gemma", none, 0, 1, false, false, false, false},
    ModelTraits{"learnlm", none, 0, 1, false, false, false, false},
};

}  // namespace

const ModelTraits& traits_of(std::string_view model) {
  const std::string_view name = model.substr(model.rfind('/') + 1);  // npos + 1 is 0
  for (const ModelTraits& traits : kModels) {
    if (name.starts_with(traits.name)) return traits;
  }
  return kUnlisted;
}

}  // namespace gatehouse::dialects::gemini
