#include "dialects/anthropic_messages/anthropic_messages.h"
#include "dialects/bedrock_converse/bedrock_converse.h"
#include "dialects/cohere/cohere.h"
#include "dialects/dialect.h"
#include "dialects/gemini/gemini.h"
#include "dialects/openai_chat/openai_chat.h"
#include "dialects/openai_responses/openai_responses.h"

namespace gatehouse::dialects {

const FrontDoor* front_door(llm::DialectId dialect) {
  static const OpenAiChatFrontDoor kOpenAiChat;
  static const OpenAiResponsesFrontDoor kOpenAiResponses;
  static const AnthropicFrontDoor kAnthropic;
  switch (dialect) {
    case llm::DialectId::openai_chat: return &kOpenAiChat;
    case llm::DialectId::openai_responses: return &kOpenAiResponses;
    case llm::DialectId::anthropic_messages: return &kAnthropic;
    case llm::DialectId::gemini:
    case llm::DialectId::bedrock_converse:
    case llm::DialectId::cohere: break;
  }
  return nullptr;
}

const BackDoor* back_door(llm::DialectId dialect) {
  static const OpenAiChatBackDoor kOpenAiChat;
  static const OpenAiResponsesBackDoor kOpenAiResponses;
  static const AnthropicBackDoor kAnthropic;
  static const GeminiBackDoor kGemini;
  static const BedrockConverseBackDoor kBedrock;
  static const CohereBackDoor kCohere;
  switch (dialect) {
    case llm::DialectId::openai_chat: return &kOpenAiChat;
    case llm::DialectId::openai_responses: return &kOpenAiResponses;
    case llm::DialectId::anthropic_messages: return &kAnthropic;
    case llm::DialectId::gemini: return &kGemini;
    case llm::DialectId::bedrock_converse: return &kBedrock;
    case llm::DialectId::cohere: return &kCohere;
  }
  return nullptr;
}

}  // namespace gatehouse::dialects
