#include <utility>

#include "dialects/input_audio.h"
#include "dialects/json_writer.h"
#include "dialects/media.h"
#include "dialects/openai_responses/decode.h"
#include "dialects/openai_responses/thoughts.h"

namespace gatehouse::dialects::openai_responses {
namespace {

constexpr std::string_view kPdf = "application/pdf";

llm::Image decode_image(Fields& part) {
  llm::Image image;
  const std::string url = part.text("image_url");
  const std::string id = part.text("file_id");
  if (url.empty() && id.empty())
    part.report("image_url", "an address or a data URL, or 'file_id' given");
  image.source = url.empty() ? llm::Media{llm::Media::Kind::file_id, id, {}} : media_of_url(url);
  image.detail = part.text("detail");
  return image;
}

llm::File decode_file(Fields& part) {
  llm::File file;
  file.name = part.text("filename");
  const std::string_view named_type = media_type_of_path(file.name);
  const std::string data = part.text("file_data");
  const std::string url = part.text("file_url");
  const std::string id = part.text("file_id");
  if (!data.empty()) {
    file.source = media_of_file_data(data, named_type.empty() ? kPdf : named_type);
  } else if (!url.empty()) {
    file.source = media_of_url(url);
  } else if (!id.empty()) {
    file.source = {llm::Media::Kind::file_id, id, {}};
  } else {
    part.report("file_data", "given, or 'file_id', or 'file_url'");
  }
  return file;
}

llm::Block decode_part(Fields& part) {
  const std::string type = part.text("type");
  if (type == "input_text" || type == "output_text" || type == "text" || type == "summary_text") {
    return {llm::Text{part.text("text"), {}}, {}};
  }
  if (type == "input_image") return {decode_image(part), {}};
  if (type == "input_file") return {decode_file(part), {}};
  if (type == "input_audio") return {decode_input_audio(part), {}};
  if (type == "refusal") return {llm::Refusal{part.text("refusal")}, {}};
  if (type.empty()) part.report("type", "the kind of the part, such as \"input_text\"");
  return {llm::Opaque{llm::DialectId::openai_responses, to_text(part.whole())}, {}};
}

/// A string, or a list of parts.
std::vector<llm::Block> decode_content(Fields& item, std::string_view key) {
  std::vector<llm::Block> blocks;
  const json::Value* content = item.any(key);
  if (content == nullptr) return blocks;
  if (const json::String* text = content->if_string()) {
    if (!text->empty()) blocks.push_back({llm::Text{std::string(*text), {}}, {}});
    return blocks;
  }
  if (!content->is_array()) {
    item.report(key, "a string or a list of parts");
    return blocks;
  }
  for (Fields& part : item.objects(key)) blocks.push_back(decode_part(part));
  return blocks;
}

/// Puts items together to messages, one after the other.
class Conversation {
 public:
  void add_item(Fields& item) {
    const std::string type = item.text("type");
    if (type.empty() || type == "message") {
      add_message(item);
    } else if (type == "function_call" || type == "custom_tool_call") {
      add_call(item, type == "custom_tool_call" ? llm::ToolKind::custom : llm::ToolKind::function);
    } else if (type == "function_call_output" || type == "custom_tool_call_output") {
      add_result(item);
    } else if (type == "reasoning") {
      add_reasoning(item);
    } else {
      llm::Opaque opaque{llm::DialectId::openai_responses, to_text(item.whole())};
      assistant().blocks.push_back({std::move(opaque), {}});
    }
  }

  void add(llm::Role role, std::vector<llm::Block> blocks) {
    messages_.push_back({role, {}, std::move(blocks)});
  }

  std::vector<llm::Message> take() { return std::move(messages_); }

 private:
  /// The assistant's message that is being put together.
  llm::Message& assistant() {
    if (messages_.empty() || messages_.back().role != llm::Role::assistant) {
      messages_.push_back({llm::Role::assistant, {}, {}});
    }
    return messages_.back();
  }

  void add_message(Fields& item) {
    const std::string role = item.text("role");
    std::vector<llm::Block> blocks = decode_content(item, "content");
    if (role == "assistant") {
      for (llm::Block& block : blocks) assistant().blocks.push_back(std::move(block));
    } else if (role == "user") {
      add(llm::Role::user, std::move(blocks));
    } else if (role == "system" || role == "developer") {
      add(role == "system" ? llm::Role::system : llm::Role::developer, std::move(blocks));
    } else {
      item.report("role", "\"user\", \"assistant\", \"system\" or \"developer\"");
    }
  }

  void add_call(Fields& item, llm::ToolKind kind) {
    llm::ToolCall call;
    call.id = item.text("call_id");
    call.name = item.text("name");
    call.arguments = item.text(kind == llm::ToolKind::custom ? "input" : "arguments");
    call.kind = kind;
    assistant().blocks.push_back({std::move(call), {}});
  }

  void add_result(Fields& item) {
    llm::ToolResult result;
    result.call_id = item.text("call_id");
    result.content = decode_content(item, "output");
    std::vector<llm::Block> blocks;
    blocks.push_back({std::move(result), {}});
    add(llm::Role::tool, std::move(blocks));
  }

  /// The thoughts themselves where the item has them, else their summary.
  void add_reasoning(Fields& item) {
    llm::Reasoning reasoning;
    for (Fields& part : item.objects("content")) reasoning.text += part.text("text");
    const bool is_whole = !reasoning.text.empty();
    for (Fields& part : item.objects("summary")) {
      if (is_whole) break;
      if (!reasoning.text.empty()) reasoning.text += "\n\n";
      reasoning.text += part.text("text");
    }
    unseal_from_client(item.text("encrypted_content"), reasoning);
    assistant().blocks.push_back({std::move(reasoning), {}});
  }

  std::vector<llm::Message> messages_;
};

}  // namespace

std::vector<llm::Message> decode_input(Fields& body) {
  Conversation conversation;
  if (std::string instructions = body.text("instructions"); !instructions.empty()) {
    conversation.add(llm::Role::system, {{llm::Text{std::move(instructions), {}}, {}}});
  }
  const json::Value* input = body.any("input");
  if (input == nullptr) {
    if (body.any("previous_response_id") == nullptr)
      body.report("input", "a string or a list of items");
    return conversation.take();
  }
  if (const json::String* text = input->if_string()) {
    conversation.add(llm::Role::user, {{llm::Text{std::string(*text), {}}, {}}});
  } else if (!input->is_array()) {
    body.report("input", "a string or a list of items");
  } else {
    for (Fields& item : body.objects("input")) conversation.add_item(item);
  }
  return conversation.take();
}

}  // namespace gatehouse::dialects::openai_responses
