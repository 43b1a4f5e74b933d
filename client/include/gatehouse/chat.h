// What is said to a model: messages, tools, and how to answer. The words are those of the OpenAI
// API reference, "Create chat completion". JSON is text here, so that any JSON library will do.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gatehouse/export.h"

namespace gatehouse::client {

/// Whose words a message is.
enum class Role : std::uint8_t {
  system,     ///< Instructions for the whole conversation.
  developer,  ///< Likewise, for OpenAI's reasoning models.
  user,       ///< Who asks.
  assistant,  ///< The model.
  tool,       ///< A function that the model had called.
};

/// The model wants a tool to be called.
struct ToolCall {
  /// Names the call in the ChatMessage::tool_result that answers it.
  std::string id{};
  /// The ToolSpec::name of the tool.
  std::string name{};
  /// The arguments as the model wrote them: the text of a JSON object, which may be malformed.
  std::string arguments{};
};

/// One message of a conversation.
struct ChatMessage {
  /// Whose words it is.
  Role role = Role::user;
  /// The text.
  std::string content{};
  /// Who speaks, where several have the same role. For Role::tool, the tool's name.
  std::string name{};
  /// For Role::assistant: the calls that it asked for.
  std::vector<ToolCall> tool_calls{};
  /// For Role::tool: the id of the call that is answered.
  std::string tool_call_id{};
  /// For Role::user: pictures, as https or data URLs.
  std::vector<std::string> image_urls{};

  /// Instructions that hold for the whole conversation.
  static ChatMessage system(std::string text) { return of(Role::system, std::move(text)); }
  /// What the user says.
  static ChatMessage user(std::string text) { return of(Role::user, std::move(text)); }
  /// What the model said earlier.
  static ChatMessage assistant(std::string text) { return of(Role::assistant, std::move(text)); }
  /// What a tool answered to a call.
  static ChatMessage tool_result(const ToolCall& call, std::string text) {
    ChatMessage message = of(Role::tool, std::move(text));
    message.name = call.name;
    message.tool_call_id = call.id;
    return message;
  }

 private:
  static ChatMessage of(Role role, std::string text) {
    ChatMessage message;
    message.role = role;
    message.content = std::move(text);
    return message;
  }
};

/// A conversation; a text alone is one message of the user.
class Prompt {
 public:
  /// One message of the user, UTF-8.
  Prompt(const char* text) : Prompt(std::string(text)) {}  // NOLINT: meant to convert
  /// One message of the user, UTF-8.
  Prompt(std::string_view text) : Prompt(std::string(text)) {}  // NOLINT: meant to convert
  /// One message of the user, UTF-8.
  Prompt(std::string text) {  // NOLINT: meant to convert
    messages_.push_back(ChatMessage::user(std::move(text)));
  }
  /// A whole conversation, oldest message first.
  Prompt(std::vector<ChatMessage> messages)  // NOLINT: meant to convert
      : messages_(std::move(messages)) {}

  /// The conversation, oldest message first.
  const std::vector<ChatMessage>& messages() const { return messages_; }

 private:
  std::vector<ChatMessage> messages_;
};

/// A function that the model may ask to be called.
struct ToolSpec {
  /// Of letters, digits, `_` and `-`; at most 64.
  std::string name{};
  /// What it is for, in words for the model.
  std::string description{};
  /// The JSON Schema of its parameters, as text; empty means none.
  std::string parameters{};
  /// Whether the arguments must follow the schema to the letter.
  std::optional<bool> strict{};
};

/// Which tools the model may or must use.
struct ToolChoice {
  /// `auto`, `none`, `required`, or one tool by its name (OpenAI API, `tool_choice`).
  enum class Mode : std::uint8_t {
    automatic,  ///< The model decides.
    none,       ///< It may not call any.
    required,   ///< It must call one or more.
    named,      ///< It must call the one that is named.
  };
  /// Who decides.
  Mode mode = Mode::automatic;
  /// For Mode::named: the tool that must be called.
  std::string name{};
};

/// The form of the answer.
struct ResponseFormat {
  /// OpenAI API, `response_format.type`.
  enum class Kind : std::uint8_t {
    text,         ///< Free text.
    json_object,  ///< A JSON object of any form.
    json_schema,  ///< JSON that follows a schema.
  };
  /// Which form.
  Kind kind = Kind::text;
  /// For Kind::json_schema: a name for the schema, of letters, digits, `_` and `-`.
  std::string name{};
  /// For Kind::json_schema: the JSON Schema as text.
  std::string schema{};
  /// For Kind::json_schema: whether the schema must be followed to the letter.
  std::optional<bool> strict{};

  /// An answer that is a JSON object of any form.
  static ResponseFormat json() { return {Kind::json_object, {}, {}, {}}; }
  /// An answer that follows a JSON Schema strictly.
  static ResponseFormat json_schema(std::string name, std::string schema) {
    return {Kind::json_schema, std::move(name), std::move(schema), true};
  }
};

/// What holds for one call. What is absent is as in the OpenAIGPTConfig.
struct ChatOptions {
  /// The functions that the model may ask to be called.
  std::vector<ToolSpec> tools{};
  /// With `tools`; absent means that the model decides.
  std::optional<ToolChoice> tool_choice{};
  /// The form that tools had before 2023-11: `functions`. For models that know no other.
  std::vector<ToolSpec> functions{};
  /// With `functions`: `auto`, `none`, or the name of the one that must be called.
  std::string function_call{};
  /// The form of the answer: text, unless said otherwise.
  ResponseFormat response_format{};
  /// Sequences at which the model stops.
  std::vector<std::string> stop{};
  /// In tokens.
  std::optional<std::int64_t> max_output_tokens{};
  /// From 0 (the likeliest words) to 2 (OpenAI API, `temperature`).
  std::optional<double> temperature{};
  /// Instead of PortkeyParams::trace_id.
  std::string trace_id{};
  /// Further members of the request's body, as the text of a JSON object.
  std::string extra_body{};
  /// Asking it to stop ends the call with CancelledError and closes its connection.
  std::stop_token cancel{};
};

}  // namespace gatehouse::client
