#include "llm/dialect_id.h"
#include "llm/finish_reason.h"

namespace gatehouse::llm {

std::string_view name_of(DialectId dialect) {
  switch (dialect) {
    case DialectId::openai_chat: return "openai_chat";
    case DialectId::openai_responses: return "openai_responses";
    case DialectId::anthropic_messages: return "anthropic_messages";
    case DialectId::gemini: return "gemini";
    case DialectId::bedrock_converse: return "bedrock_converse";
    case DialectId::cohere: return "cohere";
  }
  return "openai_chat";
}

std::string_view name_of(FinishReason reason) {
  switch (reason) {
    case FinishReason::stop: return "stop";
    case FinishReason::length: return "length";
    case FinishReason::tool_calls: return "tool_calls";
    case FinishReason::content_filter: return "content_filter";
  }
  return "stop";
}

}  // namespace gatehouse::llm
