#include "llm/capability.h"

namespace gatehouse::llm {
namespace {

struct Words {
  std::string_view name;
  std::string_view path;
};

// In the order of the enumeration.
constexpr Words kWords[kCapabilityCount] = {
    {"chat", "/chat/completions"},
    {"complete", "/completions"},
    {"embed", "/embeddings"},
    {"moderate", "/moderations"},
    {"image", "/images/generations"},
    {"image_edit", "/images/edits"},
    {"speech", "/audio/speech"},
    {"transcription", "/audio/transcriptions"},
    {"translation", "/audio/translations"},
    {"files", "/files"},
    {"batches", "/batches"},
    {"finetune", "/fine_tuning/jobs"},
    {"models", "/models"},
    {"rerank", "/rerank"},
    {"responses", "/responses"},
    {"messages", "/messages"},
    {"realtime", "/realtime"},
};

}  // namespace

std::string_view name_of(Capability capability) {
  return kWords[static_cast<unsigned>(capability)].name;
}

std::string_view path_of(Capability capability) {
  return kWords[static_cast<unsigned>(capability)].path;
}

}  // namespace gatehouse::llm
