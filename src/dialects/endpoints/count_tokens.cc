#include "dialects/endpoints/count_tokens.h"

#include <initializer_list>

#include "base/percent.h"
#include "dialects/anthropic_messages/anthropic_messages.h"
#include "dialects/bedrock_converse/bedrock_converse.h"
#include "dialects/endpoints/answers.h"
#include "dialects/gemini/gemini.h"
#include "dialects/json_reader.h"
#include "dialects/json_writer.h"
#include "llm/message.h"

namespace gatehouse::dialects::endpoints {
namespace {

Result<llm::Call> read_call(const EndpointAsk& ask) {
  Result<llm::Call> call = AnthropicFrontDoor().decode_request(ask.body);
  if (!call) return call;
  call->model = ask.model;
  call->stream = {};
  call->unsupported = llm::UnsupportedParams::drop;  // nothing is answered, so nothing is lost
  return call;
}

/// The request as the provider's chat would get it.
Result<json::Value> chat_body(const EndpointAsk& ask, const BackDoor& door) {
  const Result<llm::Call> call = read_call(ask);
  if (!call) return fail(call.error());
  const Result<EncodedRequest> encoded =
      door.encode_request(*call, {ask.provider, ask.model, ask.host});
  if (!encoded) return fail(encoded.error());
  return json::parse(encoded->body);
}

void copy_members(const json::Value& from, std::initializer_list<std::string_view> names,
                  JsonWriter& json) {
  for (const std::string_view name : names) {
    if (const json::Value* member = json::find(from, name)) json.value(name, *member);
  }
}

Result<EndpointReply> write_count(std::optional<std::int64_t> count, const EndpointAsk& ask,
                                  std::span<const std::string> answers) {
  if (!count) return malformed(ask, answers.front());
  EndpointReply reply;
  JsonWriter(reply.body).open().integer("input_tokens", *count).close();
  return reply;
}

Result<EndpointReply> count_at(std::string_view member, const EndpointAsk& ask,
                               std::span<const std::string> answers) {
  const Result<std::vector<json::Value>> parsed = parse_answers(ask, answers);
  if (!parsed) return fail(parsed.error());
  return write_count(integer_at(parsed->front(), member), ask, answers);
}

/// A profile of a region counts as the model that it leads to.
std::string_view without_region(std::string_view model) {
  for (const std::string_view region : {"us.", "eu.", "apac.", "au.", "ca.", "jp.", "global."}) {
    if (model.starts_with(region)) return model.substr(region.size());
  }
  return model;
}

}  // namespace

Result<std::vector<EncodedRequest>> GeminiCount::encode(const EndpointAsk& ask) const {
  const Result<json::Value> chat = chat_body(ask, GeminiBackDoor());
  if (!chat) return fail(chat.error());
  const bool is_vertex = ask.host == Host::vertex;
  std::string body;
  JsonWriter json(body);
  json.open();
  if (!is_vertex) {
    json.open("generateContentRequest").text("model", "models/" + std::string(ask.model));
  }
  copy_members(*chat, {"contents", "systemInstruction", "tools"}, json);
  if (!is_vertex) json.close();
  json.close();
  const std::string path = is_vertex ? "/publishers/google/models/" : "/models/";
  return one_request(path + percent_encoded(ask.model, "@") + ":countTokens", std::move(body));
}

Result<EndpointReply> GeminiCount::decode(const EndpointAsk& ask,
                                          std::span<const std::string> answers) const {
  return count_at("totalTokens", ask, answers);
}

Result<std::vector<EncodedRequest>> BedrockCount::encode(const EndpointAsk& ask) const {
  const Result<json::Value> chat = chat_body(ask, BedrockConverseBackDoor());
  if (!chat) return fail(chat.error());
  std::string body;
  JsonWriter json(body);
  json.open().open("input").open("converse");
  copy_members(*chat, {"messages", "system", "toolConfig"}, json);
  json.close().close().close();
  return one_request("/model/" + percent_encoded(without_region(ask.model)) + "/count-tokens",
                     std::move(body));
}

Result<EndpointReply> BedrockCount::decode(const EndpointAsk& ask,
                                           std::span<const std::string> answers) const {
  return count_at("inputTokens", ask, answers);
}

Result<std::vector<EncodedRequest>> VertexClaudeCount::encode(const EndpointAsk& ask) const {
  Result<json::Value> body = parse_ask(ask);
  if (!body) return fail(std::move(body.error()));
  body->get_object()["model"] = ask.model;
  return one_request("/publishers/anthropic/models/count-tokens:rawPredict",
                     json::serialize(*body));
}

Result<EndpointReply> VertexClaudeCount::decode(const EndpointAsk& ask,
                                                std::span<const std::string> answers) const {
  return count_at("input_tokens", ask, answers);
}

Result<std::vector<EncodedRequest>> EstimatedCount::encode(const EndpointAsk& ask) const {
  const Result<llm::Call> call = read_call(ask);
  if (!call) return fail(call.error());
  return std::vector<EncodedRequest>();
}

Result<EndpointReply> EstimatedCount::decode(const EndpointAsk& ask,
                                             std::span<const std::string> answers) const {
  constexpr std::size_t kBytesPerToken = 4;
  constexpr std::size_t kPerMessage = 3;
  const Result<llm::Call> call = read_call(ask);
  if (!call) return fail(call.error());
  std::size_t bytes = 0;
  for (const llm::Message& message : call->messages) {
    bytes += llm::text_of(message.blocks).size() + kPerMessage * kBytesPerToken;
    for (const llm::Block& block : message.blocks) {
      if (const auto* used = std::get_if<llm::ToolCall>(&block.content)) {
        bytes += used->name.size() + used->arguments.size();
      }
      if (const auto* result = std::get_if<llm::ToolResult>(&block.content)) {
        bytes += llm::text_of(result->content).size();
      }
    }
  }
  for (const llm::Tool& tool : call->tools) {
    bytes += tool.name.size() + tool.description.size() + tool.schema.size();
  }
  return write_count(static_cast<std::int64_t>(bytes / kBytesPerToken), ask, answers);
}

}  // namespace gatehouse::dialects::endpoints
