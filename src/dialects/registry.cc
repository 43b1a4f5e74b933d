#include "dialects/anthropic_messages/anthropic_messages.h"
#include "dialects/dialect.h"
#include "dialects/gemini/gemini.h"
#include "dialects/openai_chat/openai_chat.h"

namespace gatehouse::dialects {

const FrontDoor* front_door(llm::DialectId dialect) {
  static const OpenAiChatFrontDoor kOpenAiChat;
  static const AnthropicFrontDoor kAnthropic;
  switch (dialect) {
    case llm::DialectId::openai_chat:
      return &kOpenAiChat;
    case llm::DialectId::anthropic_messages:
      return &kAnthropic;
    default:
      return nullptr;
  }
}

const BackDoor* back_door(llm::DialectId dialect) {
  static const OpenAiChatBackDoor kOpenAiChat;
  static const AnthropicBackDoor kAnthropic;
  static const GeminiBackDoor kGemini;
  switch (dialect) {
    case llm::DialectId::openai_chat:
      return &kOpenAiChat;
    case llm::DialectId::anthropic_messages:
      return &kAnthropic;
    case llm::DialectId::gemini:
      return &kGemini;
    default:
      return nullptr;
  }
}

}  // namespace gatehouse::dialects
