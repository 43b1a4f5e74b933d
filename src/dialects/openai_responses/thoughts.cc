#include "dialects/openai_responses/thoughts.h"

#include "dialects/signature.h"

namespace gatehouse::dialects::openai_responses {
namespace {

constexpr std::string_view kSigned = "gatehouse.signed.";
constexpr std::string_view kRedacted = "gatehouse.redacted.";

}  // namespace

std::string seal_for_client(const llm::Reasoning& reasoning) {
  if (!reasoning.redacted.empty()) return std::string(kRedacted) + reasoning.redacted;
  if (reasoning.signature.empty()) return {};
  return std::string(kSigned) + reasoning.signature;
}

void unseal_from_client(std::string_view sealed, llm::Reasoning& reasoning) {
  if (sealed.starts_with(kSigned)) {
    reasoning.signature = sealed.substr(kSigned.size());
  } else if (sealed.starts_with(kRedacted)) {
    reasoning.redacted = sealed.substr(kRedacted.size());
  } else if (!sealed.empty()) {
    reasoning.signature = signature_of_provider(sealed);
  }
}

std::string signature_of_provider(std::string_view encrypted_content) {
  return encrypted_content.empty() ? std::string()
                                   : std::string(kResponsesMark) + std::string(encrypted_content);
}

std::string_view encrypted_content_of(const llm::Reasoning& reasoning) {
  if (!is_signed_by_responses(reasoning)) return {};
  return std::string_view(reasoning.signature).substr(kResponsesMark.size());
}

}  // namespace gatehouse::dialects::openai_responses
