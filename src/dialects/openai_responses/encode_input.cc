#include "dialects/openai_responses/encode_input.h"

#include <algorithm>

#include "dialects/media.h"
#include "dialects/openai_responses/thoughts.h"

namespace gatehouse::dialects::openai_responses {
namespace {

std::string_view word_of(llm::Role role) {
  switch (role) {
    case llm::Role::system: return "system";
    case llm::Role::developer: return "developer";
    case llm::Role::assistant: return "assistant";
    case llm::Role::user:
    case llm::Role::tool: break;
  }
  return "user";
}

class ItemWriter {
 public:
  ItemWriter(JsonWriter& json, const llm::Call& call, EncodeLedger& ledger)
      : json_(json), call_(call), ledger_(ledger) {}

  void write(const llm::Message& message) {
    if (message.role == llm::Role::tool) {
      for (const llm::Block& block : message.blocks) {
        if (const auto* result = std::get_if<llm::ToolResult>(&block.content))
          write_result(*result);
      }
    } else if (message.role == llm::Role::assistant) {
      write_assistant(message);
    } else if (!message.blocks.empty()) {
      json_.open().text("type", "message").text("role", word_of(message.role));
      write_content("content", message.blocks);
      json_.close();
    }
  }

 private:
  void write_content(std::string_view key, const std::vector<llm::Block>& blocks) {
    json_.open_list(key);
    for (const llm::Block& block : blocks) write_part(block);
    json_.close_list();
  }

  void write_part(const llm::Block& block) {
    if (const auto* text = std::get_if<llm::Text>(&block.content)) {
      json_.open().text("type", "input_text").text("text", text->text).close();
    } else if (const auto* image = std::get_if<llm::Image>(&block.content)) {
      write_image(*image);
    } else if (const auto* file = std::get_if<llm::File>(&block.content)) {
      write_file(*file);
    } else if (const auto* audio = std::get_if<llm::Audio>(&block.content)) {
      json_.open().text("type", "input_audio").open("input_audio");
      json_.text("data", audio->source.value).text("format", audio->format).close().close();
    } else if (const auto* opaque = std::get_if<llm::Opaque>(&block.content)) {
      if (opaque->dialect == llm::DialectId::openai_responses) json_.raw(opaque->json);
    }
  }

  void write_image(const llm::Image& image) {
    json_.open().text("type", "input_image");
    const bool is_file = image.source.kind == llm::Media::Kind::file_id;
    json_.text(is_file ? "file_id" : "image_url",
               is_file ? image.source.value : url_of(image.source));
    json_.text("detail", image.detail.empty() ? "auto" : image.detail).close();
  }

  void write_file(const llm::File& file) {
    using Kind = llm::Media::Kind;
    const llm::Media& source = file.source;
    if (source.kind == Kind::text) {
      json_.open().text("type", "input_text").text("text", source.value).close();
      return;
    }
    if (is_image(source.media_type) && source.kind != Kind::file_id)
      return write_image({source, {}});
    json_.open().text("type", "input_file");
    if (source.kind == Kind::file_id) {
      json_.text("file_id", source.value);
    } else if (source.kind == Kind::url) {
      json_.text("file_url", source.value);
    } else {
      json_.text("filename", file.name.empty() ? "document.pdf" : file.name);
      json_.text("file_data", url_of(source));
    }
    json_.close();
  }

  bool is_custom(std::string_view call_id) const {
    for (const llm::Message& message : call_.messages) {
      for (const llm::Block& block : message.blocks) {
        const auto* made = std::get_if<llm::ToolCall>(&block.content);
        if (made != nullptr && made->id == call_id) return made->kind == llm::ToolKind::custom;
      }
    }
    return false;
  }

  /// What a tool returned: text, or parts if it returned more than text.
  void write_result(const llm::ToolResult& result) {
    json_.open().text(
        "type", is_custom(result.call_id) ? "custom_tool_call_output" : "function_call_output");
    json_.text("call_id", result.call_id);
    const bool is_text = std::ranges::all_of(result.content, [](const llm::Block& block) {
      return std::holds_alternative<llm::Text>(block.content);
    });
    const std::string text = llm::text_of(result.content, "\n");
    if (is_text) {
      json_.text("output", result.is_error ? "Error: " + text : text);
    } else {
      write_content("output", result.content);
    }
    json_.close();
  }

  void write_assistant(const llm::Message& message) {
    for (const llm::Block& block : message.blocks) {
      if (const auto* text = std::get_if<llm::Text>(&block.content)) {
        write_said("output_text", "text", text->text);
      } else if (const auto* refusal = std::get_if<llm::Refusal>(&block.content)) {
        write_said("refusal", "refusal", refusal->text);
      } else if (const auto* made = std::get_if<llm::ToolCall>(&block.content)) {
        write_call(*made);
      } else if (const auto* reasoning = std::get_if<llm::Reasoning>(&block.content)) {
        write_reasoning(*reasoning);
      } else if (const auto* opaque = std::get_if<llm::Opaque>(&block.content)) {
        if (opaque->dialect == llm::DialectId::openai_responses) json_.raw(opaque->json);
      } else {
        ledger_.drop("messages.content");
      }
    }
  }

  void write_said(std::string_view type, std::string_view member, std::string_view text) {
    if (text.empty()) return;
    json_.open().text("type", "message").text("role", "assistant").open_list("content");
    json_.open().text("type", type).text(member, text).close().close_list().close();
  }

  void write_call(const llm::ToolCall& made) {
    const bool is_free = made.kind == llm::ToolKind::custom;
    json_.open().text("type", is_free ? "custom_tool_call" : "function_call");
    json_.text("call_id", made.id).text("name", made.name);
    json_.text(is_free ? "input" : "arguments",
               made.arguments.empty() && !is_free ? "{}" : std::string_view(made.arguments));
    json_.close();
  }

  /// Thoughts go back only to whom they came from, which is whoever sealed them.
  void write_reasoning(const llm::Reasoning& reasoning) {
    const std::string_view sealed = encrypted_content_of(reasoning);
    if (sealed.empty()) return;
    json_.open().text("type", "reasoning").open_list("summary");
    if (!reasoning.text.empty()) {
      json_.open().text("type", "summary_text").text("text", reasoning.text).close();
    }
    json_.close_list().text("encrypted_content", sealed).close();
  }

  JsonWriter& json_;
  const llm::Call& call_;
  EncodeLedger& ledger_;
};

}  // namespace

void write_input(JsonWriter& json, const llm::Call& call, EncodeLedger& ledger) {
  json.open_list("input");
  ItemWriter writer(json, call, ledger);
  for (const llm::Message& message : call.messages) writer.write(message);
  json.close_list();
}

}  // namespace gatehouse::dialects::openai_responses
