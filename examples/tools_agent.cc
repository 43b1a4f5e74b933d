// A model that calls functions of the program until it can answer. Argument: a model (the gateway's
// demo if none).
#include <gatehouse/client.h>

#include <cstdio>
#include <string>
#include <vector>

namespace lm = gatehouse::client;

namespace {

// [tools]
const std::vector<lm::ToolSpec> kTools = {{
    .name = "weather",
    .description = "The weather of a city, now.",
    .parameters = R"({"type": "object",
                      "properties": {"city": {"type": "string"}},
                      "required": ["city"]})",
}};

std::string run_tool(const lm::ToolCall& call) {
  const auto city = lm::json_text_member(call.arguments, "city");
  if (!city) return "Error: the argument 'city' is missing";
  return "18 degrees and sunny in " + *city;
}
// [/tools]

// [agent]
std::string answer(const lm::OpenAIGPT& llm, const std::string& question) {
  constexpr int kMostRounds = 5;
  std::vector<lm::ChatMessage> messages = {lm::ChatMessage::user(question)};
  for (int round = 0; round < kMostRounds; ++round) {
    const lm::LLMResponse response = llm.chat(messages, {.tools = kTools});
    if (response.tool_calls.empty()) return response.message;
    messages.push_back(response.as_message());
    for (const lm::ToolCall& call : response.tool_calls) {
      std::printf("the model calls %s(%s)\n", call.name.c_str(), call.arguments.c_str());
      messages.push_back(lm::ChatMessage::tool_result(call, run_tool(call)));
    }
  }
  return "(no answer after several rounds of tools)";
}
// [/agent]

// [structured]
void print_structured(const lm::OpenAIGPT& llm) {
  const lm::LLMResponse response =
      llm.chat("Describe a city.", {.response_format = lm::ResponseFormat::json_schema(
                                        "city", R"({"type": "object", "additionalProperties": false,
                       "properties": {"name": {"type": "string"}, "people": {"type": "number"}},
                       "required": ["name", "people"]})")});
  const auto name = lm::json_text_member(response.message, "name");
  const auto people = lm::json_number_member(response.message, "people");
  std::printf("name: %s, people: %s\n", name ? name->c_str() : "missing",
              people ? "a number" : "missing");
}
// [/structured]

}  // namespace

int main(int argc, char** argv) {
  const std::string model = argc > 1 ? argv[1] : "portkey/demo/demo-chat";
  try {
    const lm::OpenAIGPT llm(lm::OpenAIGPTConfig{.chat_model = model});
    std::printf("%s\n", answer(llm, "What is the weather in Paris?").c_str());
    print_structured(llm);
  } catch (const lm::ClientError& error) {
    std::fprintf(stderr, "Error: %s\n", error.what());
    return 1;
  }
  return 0;
}
