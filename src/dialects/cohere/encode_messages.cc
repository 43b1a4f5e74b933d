#include "dialects/cohere/encode_messages.h"

#include <algorithm>

#include "dialects/media.h"
#include "dialects/tools_in_play.h"

namespace gatehouse::dialects::cohere {
namespace {

class MessageWriter {
 public:
  MessageWriter(JsonWriter& json, EncodeLedger& ledger) : json_(json), ledger_(ledger) {}

  void write(const llm::Message& message) {
    if (message.role == llm::Role::tool) return write_results(message);
    write_pictures_of_tools();
    if (message.role == llm::Role::assistant) return write_assistant(message);
    if (message.blocks.empty()) return;
    json_.open().text("role", message.role == llm::Role::user ? "user" : "system");
    write_content(message.blocks);
    json_.close();
  }

  /// The content of a tool message is text, so what a tool returned beside text follows as the
  /// user's.
  void write_pictures_of_tools() {
    if (pictures_.empty()) return;
    json_.open().text("role", "user").open_list("content");
    for (const llm::Block* block : pictures_) write_part(*block);
    json_.close_list().close();
    pictures_.clear();
  }

 private:
  void write_content(const std::vector<llm::Block>& blocks) {
    const bool is_text = std::ranges::all_of(blocks, [](const llm::Block& block) {
      return std::holds_alternative<llm::Text>(block.content);
    });
    if (is_text) {
      json_.text("content", llm::text_of(blocks, "\n"));
      return;
    }
    json_.open_list("content");
    for (const llm::Block& block : blocks) write_part(block);
    json_.close_list();
  }

  void write_part(const llm::Block& block) {
    if (const auto* text = std::get_if<llm::Text>(&block.content)) {
      write_text(text->text);
    } else if (const auto* image = std::get_if<llm::Image>(&block.content)) {
      write_image(*image);
    } else if (const auto* file = std::get_if<llm::File>(&block.content)) {
      write_file(*file);
    } else if (std::holds_alternative<llm::Audio>(block.content)) {
      ledger_.fail_with("messages", "Cohere does not take audio: send text or an image instead.");
    } else if (const auto* opaque = std::get_if<llm::Opaque>(&block.content)) {
      if (opaque->dialect == llm::DialectId::cohere) json_.raw(opaque->json);
    }
  }

  void write_text(std::string_view text) {
    json_.open().text("type", "text").text("text", text).close();
  }

  void write_image(const llm::Image& image) {
    if (image.source.kind == llm::Media::Kind::file_id) {
      return ledger_.fail_with("messages",
                               "Cohere takes no image by the id of a file: send its data.");
    }
    json_.open().text("type", "image_url").open("image_url").text("url", url_of(image.source));
    json_.text_if_any("detail", image.detail).close().close();
  }

  void write_file(const llm::File& file) {
    if (file.source.kind == llm::Media::Kind::text) return write_text(file.source.value);
    if (is_image(file.source.media_type)) return write_image({file.source, {}});
    ledger_.fail_with("messages", "Cohere takes no files in messages: send their text instead.");
  }

  void write_results(const llm::Message& message) {
    for (const llm::Block& block : message.blocks) {
      const auto* result = std::get_if<llm::ToolResult>(&block.content);
      if (result == nullptr) continue;
      const std::string text = llm::text_of(result->content, "\n");
      json_.open().text("role", "tool").text("tool_call_id", result->call_id);
      json_.text("content", result->is_error ? "Error: " + text : text).close();
      for (const llm::Block& content : result->content) {
        if (std::holds_alternative<llm::Image>(content.content)) pictures_.push_back(&content);
      }
    }
  }

  void write_assistant(const llm::Message& message) {
    std::vector<const llm::ToolCall*> calls;
    std::string thoughts;
    for (const llm::Block& block : message.blocks) {
      if (const auto* call = std::get_if<llm::ToolCall>(&block.content)) calls.push_back(call);
      if (const auto* reasoning = std::get_if<llm::Reasoning>(&block.content)) {
        thoughts += reasoning->text;
      }
    }
    const std::string text = llm::text_of(message.blocks);
    if (text.empty() && calls.empty()) return;
    json_.open().text("role", "assistant").text_if_any("content", text);
    if (!calls.empty()) {  // what it meant to do with the tools is a field of its own here
      json_.text_if_any("tool_plan", thoughts);
      write_calls(calls);
    }
    json_.close();
  }

  void write_calls(const std::vector<const llm::ToolCall*>& calls) {
    json_.open_list("tool_calls");
    for (const llm::ToolCall* call : calls) {
      const std::string arguments = arguments_object(*call);
      json_.open().text("id", call->id).text("type", "function").open("function");
      json_.text("name", call->name);
      json_.text("arguments", arguments.empty() ? call->arguments : arguments).close().close();
    }
    json_.close_list();
  }

  JsonWriter& json_;
  EncodeLedger& ledger_;
  std::vector<const llm::Block*> pictures_;
};

}  // namespace

void write_messages(JsonWriter& json, const llm::Call& call, EncodeLedger& ledger) {
  json.open_list("messages");
  MessageWriter writer(json, ledger);
  for (const llm::Message& message : call.messages) writer.write(message);
  writer.write_pictures_of_tools();
  json.close_list();
}

}  // namespace gatehouse::dialects::cohere
