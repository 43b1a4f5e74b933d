#include "demo/chat_request.h"

#include <algorithm>
#include <array>

#include "demo/checks.h"
#include "demo/tokens.h"

namespace gatehouse::demo {
namespace {

using json::find;
using json::string_or;
using json::Value;

constexpr std::int64_t kMostChoices = 16;
constexpr std::int64_t kMostTokens = 1'000'000;
// As OpenAI's own counting guide has it: three tokens around each message, three before the answer.
constexpr std::int64_t kTokensAroundMessage = 3;
constexpr std::int64_t kTokensOfAttachment = 85;

constexpr std::array<std::string_view, 6> kRoles = {"system",    "developer", "user",
                                                    "assistant", "tool",      "function"};

std::string place_of(std::size_t index, std::string_view member) {
  return "messages[" + std::to_string(index) + "]" + std::string(member);
}

/// Reads the messages, one after the other, into the request.
class MessageReader {
 public:
  explicit MessageReader(ChatRequest& request) : request_(request) {}

  Outcome<void> read(const Value& body) {
    const Value* messages = find(body, "messages");
    if (messages == nullptr) return refuse("messages", "Missing required parameter: 'messages'.");
    if (!messages->is_array() || messages->get_array().empty()) {
      return refuse("messages", "Invalid 'messages': expected a non-empty array of objects.");
    }
    for (const Value& message : messages->get_array()) {
      if (Outcome<void> done = read_message(message); !done) return done;
      ++index_;
    }
    request_.prompt_tokens += kTokensAroundMessage;
    return {};
  }

 private:
  Outcome<void> read_message(const Value& message) {
    if (!message.is_object()) return refuse(place_of(index_, ""), "A message must be an object.");
    const std::string_view role = string_or(message, "role", "");
    if (std::find(kRoles.begin(), kRoles.end(), role) == kRoles.end()) {
      return refuse(place_of(index_, ".role"),
                    "Invalid value: '" + std::string(role) +
                        "'. Supported values are: 'system', 'developer', 'user', 'assistant', "
                        "'tool' and 'function'.");
    }
    const std::int64_t attachments_before = attachments_;
    const Outcome<std::string> text = read_content(message);
    if (!text) return std::unexpected(text.error());
    request_.prompt_tokens += kTokensAroundMessage + count_tokens(*text);
    if (const Value* calls = find(message, "tool_calls"); calls != nullptr) {
      request_.prompt_tokens += count_tokens(json::serialize(*calls));
    }
    if (role == "user" || role == "assistant") request_.tool_answers.clear();
    if (role == "user") {
      request_.question = *text;
      request_.attachments = attachments_ - attachments_before;
    }
    if (role == "tool" || role == "function") keep_tool_answer(message, *text);
    return {};
  }

  void keep_tool_answer(const Value& message, const std::string& text) {
    const std::string_view id = string_or(message, "tool_call_id", "tool");
    request_.tool_answers.push_back({std::string(string_or(message, "name", id)), text});
  }

  Outcome<std::string> read_content(const Value& message) {
    const Value* content = find(message, "content");
    if (content == nullptr || content->is_null()) return std::string{};
    if (content->is_string()) return std::string(content->get_string());
    if (!content->is_array()) {
      return refuse(place_of(index_, ".content"),
                    "Invalid type for 'content': expected a string or an array of parts.");
    }
    std::string text;
    for (const Value& part : content->get_array()) {
      if (string_or(part, "type", "").empty()) {
        return refuse(place_of(index_, ".content"), "Each part of 'content' needs a 'type'.");
      }
      text += string_or(part, "text", "");
      if (find(part, "text") != nullptr || find(part, "refusal") != nullptr) continue;
      ++attachments_;
      request_.prompt_tokens += kTokensOfAttachment;
    }
    return text;
  }

  ChatRequest& request_;
  std::size_t index_ = 0;
  std::int64_t attachments_ = 0;
};

/// Reads `tools` and `tool_choice`, or `functions` and `function_call`, which came before them.
class ToolReader {
 public:
  explicit ToolReader(ChatRequest& request) : request_(request) {}

  Outcome<void> read(const Value& body) {
    const bool is_legacy = find(body, "tools") == nullptr && find(body, "functions") != nullptr;
    const std::string_view key = is_legacy ? "functions" : "tools";
    const Value* list = find(body, key);
    if (list == nullptr || list->is_null()) return {};
    if (!list->is_array()) {
      return refuse(std::string(key), "Invalid '" + std::string(key) + "': expected an array.");
    }
    request_.prompt_tokens += count_tokens(json::serialize(*list));
    for (const Value& tool : list->get_array()) {
      if (Outcome<void> done = read_tool(tool, is_legacy); !done) return done;
    }
    const Value* choice = find(body, is_legacy ? "function_call" : "tool_choice");
    return choice == nullptr ? Outcome<void>{} : read_choice(*choice);
  }

 private:
  Outcome<void> read_tool(const Value& tool, bool is_legacy) {
    const std::string_view type = is_legacy ? "legacy" : string_or(tool, "type", "");
    const Value* inner = is_legacy ? &tool : find(tool, type);
    const std::string_view name = inner == nullptr ? "" : string_or(*inner, "name", "");
    if (name.empty()) {
      return refuse("tools",
                    "Each tool needs a 'type' of 'function' or 'custom', and under that key a "
                    "'name'.");
    }
    const Value* schema = find(*inner, "parameters");
    const ToolKind kind = is_legacy          ? ToolKind::legacy
                          : type == "custom" ? ToolKind::custom
                                             : ToolKind::function;
    request_.tools.push_back({kind, std::string(name), schema == nullptr ? Value() : *schema});
    return {};
  }

  Outcome<void> read_choice(const Value& choice) {
    if (choice.is_string()) return read_word(std::string_view(choice.get_string()));
    if (!choice.is_object()) return {};
    const std::string_view type = string_or(choice, "type", "");
    if (type == "allowed_tools") {
      const Value* allowed = find(choice, "allowed_tools");
      return read_word(allowed == nullptr ? "auto" : string_or(*allowed, "mode", "auto"));
    }
    const Value* inner = type.empty() ? &choice : find(choice, type);
    const std::string_view name = inner == nullptr ? "" : string_or(*inner, "name", "");
    return read_name(name);
  }

  Outcome<void> read_word(std::string_view word) {
    if (word == "none") {
      request_.tool_wish = ToolWish::never;
    } else if (word == "required") {
      request_.tool_wish = ToolWish::must;
    } else if (word != "auto") {
      return refuse("tool_choice", "Invalid value: '" + std::string(word) +
                                       "'. Supported values are: 'none', 'auto' and 'required'.");
    }
    return {};
  }

  Outcome<void> read_name(std::string_view name) {
    const auto wanted = std::find_if(request_.tools.begin(), request_.tools.end(),
                                     [&](const Tool& tool) { return tool.name == name; });
    if (wanted == request_.tools.end()) {
      return refuse("tool_choice",
                    "Tool choice '" + std::string(name) + "' not found in 'tools' parameter.");
    }
    request_.tools = std::vector<Tool>{*wanted};
    request_.tool_wish = ToolWish::must;
    return {};
  }

  ChatRequest& request_;
};

Outcome<void> read_format(const Value& body, ChatRequest& request) {
  const Outcome<const Value*> format = read_object(body, "response_format");
  if (!format) return std::unexpected(format.error());
  if (*format == nullptr) return {};
  const std::string_view type = string_or(**format, "type", "");
  if (type == "json_object") request.format = AnswerFormat::json_object;
  if (type != "json_schema") return {};
  const Value* wrapper = find(**format, "json_schema");
  const Value* schema = wrapper == nullptr ? nullptr : find(*wrapper, "schema");
  if (schema == nullptr || !schema->is_object()) {
    return refuse("response_format",
                  "Missing required parameter: 'response_format.json_schema.schema'.");
  }
  request.format = AnswerFormat::json_schema;
  request.schema = *schema;
  return {};
}

Outcome<void> read_stream(const Value& body, ChatRequest& request) {
  const Outcome<bool> stream = read_flag(body, "stream");
  if (!stream) return std::unexpected(stream.error());
  request.is_streaming = *stream;
  const Outcome<const Value*> options = read_object(body, "stream_options");
  if (!options) return std::unexpected(options.error());
  if (*options == nullptr) return {};
  if (!*stream) {
    return refuse("stream_options",
                  "The 'stream_options' parameter is only allowed when 'stream' is "
                  "enabled.");
  }
  const Outcome<bool> usage = read_flag(**options, "include_usage");
  if (!usage) return std::unexpected(usage.error());
  request.includes_usage = *usage;
  return {};
}

Outcome<void> read_limits(const Value& body, ChatRequest& request) {
  const auto choices = read_integer(body, "n", {1, kMostChoices});
  if (!choices) return std::unexpected(choices.error());
  request.choices = choices->value_or(1);
  for (const std::string_view key : {"max_tokens", "max_completion_tokens"}) {
    const auto limit = read_integer(body, key, {1, kMostTokens});
    if (!limit) return std::unexpected(limit.error());
    if (limit->has_value()) request.max_tokens = *limit;
  }
  Outcome<std::vector<std::string>> stop = read_stop(body);
  if (!stop) return std::unexpected(stop.error());
  request.stop = *std::move(stop);
  const Outcome<bool> parallel = read_flag(body, "parallel_tool_calls");
  if (!parallel) return std::unexpected(parallel.error());
  request.wants_parallel_calls = *parallel;
  return {};
}

Outcome<void> check_sampling(const Value& body) {
  struct Bounds {
    std::string_view key;
    double low;
    double high;
  };
  constexpr Bounds kBounds[] = {{"temperature", 0, 2},
                                {"top_p", 0, 1},
                                {"presence_penalty", -2, 2},
                                {"frequency_penalty", -2, 2}};
  for (const Bounds& bounds : kBounds) {
    Outcome<void> checked = check_number(body, bounds.key, bounds.low, bounds.high);
    if (!checked) return checked;
  }
  return {};
}

}  // namespace

Outcome<ChatRequest> read_chat_request(const Value& body) {
  ChatRequest request;
  Outcome<std::string> model = read_model(body);
  if (!model) return std::unexpected(model.error());
  request.model = *std::move(model);
  Outcome<void> done = MessageReader(request).read(body);
  if (done) done = check_sampling(body);
  if (done) done = read_limits(body, request);
  if (done) done = read_stream(body, request);
  if (done) done = read_format(body, request);
  if (done) done = ToolReader(request).read(body);
  if (!done) return std::unexpected(done.error());
  return request;
}

}  // namespace gatehouse::demo
