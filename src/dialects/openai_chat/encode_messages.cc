#include "dialects/openai_chat/encode_messages.h"

#include <algorithm>
#include <array>

#include "dialects/media.h"
#include "dialects/tools_in_play.h"

namespace gatehouse::dialects::openai_chat {
namespace {

constexpr std::array kRoles = {std::string_view("system"), std::string_view("developer"),
                               std::string_view("user"), std::string_view("assistant"),
                               std::string_view("tool")};

class MessageWriter {
 public:
  MessageWriter(JsonWriter& json, const llm::Call& call, const MessageStyle& style,
                EncodeLedger& ledger)
      : json_(json), style_(style), ledger_(ledger) {
    for (const llm::Message& message : call.messages) {
      if (message.role == llm::Role::user) last_user_ = &message;
    }
  }

  void write(const llm::Message& message) {
    if (message.role == llm::Role::tool) return write_results(message);
    write_pictures_of_tools();
    if (message.role == llm::Role::assistant) return write_assistant(message);
    if (message.blocks.empty()) return;
    open(message.role, message.name);
    write_content(message);
    json_.close();
  }

  /// The content of a tool message is text alone, so what a tool returned beside text follows as
  /// the user's, once all the results have been told.
  void write_pictures_of_tools() {
    if (pictures_.empty()) return;
    open(llm::Role::user, {});
    json_.open_list("content");
    for (const llm::Block* block : pictures_) write_part(*block);
    json_.close_list().close();
    pictures_.clear();
  }

 private:
  void open(llm::Role role, std::string_view name) {
    json_.open().text("role", kRoles[static_cast<std::size_t>(role)]).text_if_any("name", name);
  }

  static bool is_media(const llm::Block& block) {
    return std::holds_alternative<llm::Image>(block.content) ||
           std::holds_alternative<llm::File>(block.content) ||
           std::holds_alternative<llm::Audio>(block.content);
  }

  static bool is_plain_text(const std::vector<llm::Block>& blocks) {
    return std::ranges::all_of(blocks, [](const llm::Block& block) {
      return std::holds_alternative<llm::Text>(block.content);
    });
  }

  /// Text alone is sent as a string, which every provider takes; with anything else it is parts.
  void write_content(const llm::Message& message) {
    if (is_plain_text(message.blocks)) {
      json_.text("content", llm::text_of(message.blocks, "\n"));
      return;
    }
    json_.open_list("content");
    for (const llm::Block& block : message.blocks) write_part(block);
    json_.close_list();
  }

  void write_part(const llm::Block& block) {
    if (const auto* text = std::get_if<llm::Text>(&block.content)) {
      json_.open().text("type", "text").text("text", text->text).close();
    } else if (const auto* image = std::get_if<llm::Image>(&block.content)) {
      write_image(*image);
    } else if (const auto* audio = std::get_if<llm::Audio>(&block.content)) {
      json_.open().text("type", "input_audio").open("input_audio");
      json_.text("data", audio->source.value).text("format", audio->format).close().close();
    } else if (const auto* file = std::get_if<llm::File>(&block.content)) {
      write_file(*file);
    } else if (const auto* opaque = std::get_if<llm::Opaque>(&block.content)) {
      write_opaque(*opaque);
    }
  }

  void write_image(const llm::Image& image) {
    if (image.source.kind == llm::Media::Kind::file_id) {
      return ledger_.refuse("messages", "an image cannot be given by the id of a file");
    }
    json_.open().text("type", "image_url").open("image_url").text("url", url_of(image.source));
    json_.text_if_any("detail", image.detail).close().close();
  }

  void write_file(const llm::File& file) {
    using Kind = llm::Media::Kind;
    const llm::Media& source = file.source;
    if (source.kind == Kind::text) {
      json_.open().text("type", "text").text("text", source.value).close();
      return;
    }
    if (is_image(source.media_type) && source.kind != Kind::file_id)
      return write_image({source, {}});
    json_.open().text("type", "file").open("file");
    if (source.kind == Kind::file_id) {
      json_.text("file_id", source.value);
    } else if (source.kind == Kind::url) {
      json_.text("file_url", source.value).text_if_any("filename", file.name);
    } else {
      json_.text("filename", file.name.empty() ? "document.pdf" : file.name);
      json_.text("file_data", url_of(source));
    }
    json_.close().close();
  }

  void write_opaque(const llm::Opaque& opaque) {
    if (opaque.dialect == llm::DialectId::openai_chat) {
      json_.raw(opaque.json);
    } else {
      ledger_.drop("messages.content");
    }
  }

  void write_results(const llm::Message& message) {
    for (const llm::Block& block : message.blocks) {
      const auto* result = std::get_if<llm::ToolResult>(&block.content);
      if (result == nullptr) continue;
      open(llm::Role::tool, {});
      json_.text("tool_call_id", result->call_id);
      const std::string text = llm::text_of(result->content, "\n");
      json_.text("content", result->is_error ? "Error: " + text : text).close();
      for (const llm::Block& content : result->content) {
        if (is_media(content)) pictures_.push_back(&content);
      }
    }
  }

  void write_assistant(const llm::Message& message) {
    std::string thoughts;
    std::string_view refusal;
    std::vector<const llm::ToolCall*> calls;
    for (const llm::Block& block : message.blocks) {
      if (const auto* call = std::get_if<llm::ToolCall>(&block.content)) calls.push_back(call);
      if (const auto* reasoning = std::get_if<llm::Reasoning>(&block.content)) {
        thoughts += reasoning->text;
      }
      if (const auto* said = std::get_if<llm::Refusal>(&block.content)) refusal = said->text;
      if (std::holds_alternative<llm::Opaque>(block.content)) ledger_.drop("messages.content");
    }
    const std::string text = llm::text_of(message.blocks);
    if (text.empty() && calls.empty() && refusal.empty()) return;  // thoughts alone are no message
    open(llm::Role::assistant, message.name);
    text.empty() ? json_.null("content") : json_.text("content", text);
    json_.text_if_any("refusal", refusal);
    if (style_.echo == ReasoningEcho::reasoning_content && is_in_last_turn(message)) {
      json_.text_if_any("reasoning_content", thoughts);
    }
    write_calls(calls);
    json_.close();
  }

  /// Thoughts are wanted back while the tools that they asked for are at work, and refused later.
  bool is_in_last_turn(const llm::Message& message) const { return &message > last_user_; }

  void write_calls(const std::vector<const llm::ToolCall*>& calls) {
    if (calls.empty()) return;
    json_.open_list("tool_calls");
    for (const llm::ToolCall* call : calls) write_call(*call);
    json_.close_list();
  }

  void write_call(const llm::ToolCall& call) {
    const bool is_custom = call.kind == llm::ToolKind::custom && style_.knows_custom_calls;
    const bool is_wrapped = call.kind == llm::ToolKind::custom && !is_custom;
    const std::string_view kind = is_custom ? "custom" : "function";
    std::string given = is_wrapped ? arguments_object(call) : call.arguments;
    if (given.empty() && !is_custom) given = "{}";
    json_.open().text("id", call.id).text("type", kind).open(kind).text("name", call.name);
    json_.text(is_custom ? "input" : "arguments", given).close().close();
  }

  JsonWriter& json_;
  const MessageStyle& style_;
  EncodeLedger& ledger_;
  const llm::Message* last_user_ = nullptr;
  std::vector<const llm::Block*> pictures_;
};

}  // namespace

void write_messages(JsonWriter& json, const llm::Call& call, const MessageStyle& style,
                    EncodeLedger& ledger) {
  json.open_list("messages");
  MessageWriter writer(json, call, style, ledger);
  for (const llm::Message& message : call.messages) writer.write(message);
  writer.write_pictures_of_tools();
  json.close_list();
}

}  // namespace gatehouse::dialects::openai_chat
