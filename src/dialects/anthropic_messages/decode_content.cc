#include "dialects/anthropic_messages/decode_content.h"

#include "dialects/json_writer.h"

namespace gatehouse::dialects::anthropic_messages {
namespace {

std::vector<llm::Block> decode_blocks(Fields& holder, std::string_view key);

llm::Media decode_source(Fields& block) {
  const json::Object* object = block.object("source");
  if (object == nullptr) {
    block.report("source", "an object with 'type'");
    return {};
  }
  Fields source(*object, block.path_of("source."), block.problems());
  using Kind = llm::Media::Kind;
  const std::string type = source.text("type");
  std::string media_type = source.text("media_type");
  if (type == "base64") return {Kind::base64, source.text("data"), std::move(media_type)};
  if (type == "url") return {Kind::url, source.text("url"), std::move(media_type)};
  if (type == "file") return {Kind::file_id, source.text("file_id"), {}};
  if (type == "text") return {Kind::text, source.text("data"), std::move(media_type)};
  if (type == "content") {  // a document made of blocks of text
    return {Kind::text, llm::text_of(decode_blocks(source, "content"), "\n"), "text/plain"};
  }
  source.report("type", "\"base64\", \"url\", \"file\" or \"text\"");
  return {};
}

llm::File decode_document(Fields& block) {
  llm::File file{decode_source(block), block.text("title")};
  if (file.source.media_type.empty()) file.source.media_type = "application/pdf";
  return file;
}

llm::ToolCall decode_call(Fields& block) {
  llm::ToolCall call;
  call.id = block.text("id");
  call.name = block.text("name");
  call.arguments = block.raw_object("input");
  if (call.arguments.empty()) call.arguments = "{}";
  return call;
}

llm::ToolResult decode_result(Fields& block) {
  llm::ToolResult result;
  result.call_id = block.text("tool_use_id");
  result.content = decode_blocks(block, "content");
  result.is_error = block.flag("is_error").value_or(false);
  return result;
}

/// A page that a tool found, as the text it is.
llm::Text decode_search_result(Fields& block) {
  std::string text = block.text("title");
  for (const std::string& part :
       {block.text("source"), llm::text_of(decode_blocks(block, "content"), "\n")}) {
    if (!text.empty() && !part.empty()) text += '\n';
    text += part;
  }
  return {std::move(text), {}};
}

llm::Block decode_block(Fields& fields) {
  const std::string type = fields.text("type");
  llm::Block block;
  if (type == "text") {
    block.content = llm::Text{fields.text("text"), {}};
  } else if (type == "image") {
    block.content = llm::Image{decode_source(fields), {}};
  } else if (type == "document") {
    block.content = decode_document(fields);
  } else if (type == "tool_use") {
    block.content = decode_call(fields);
  } else if (type == "tool_result") {
    block.content = decode_result(fields);
  } else if (type == "search_result") {
    block.content = decode_search_result(fields);
  } else if (type == "thinking") {
    block.content = llm::Reasoning{fields.text("thinking"), fields.text("signature"), {}};
  } else if (type == "redacted_thinking") {
    block.content = llm::Reasoning{{}, {}, fields.text("data")};
  } else {
    if (type.empty()) fields.report("type", "the kind of the block, such as \"text\"");
    block.content = llm::Opaque{llm::DialectId::anthropic_messages, to_text(fields.whole())};
  }
  block.cache = decode_cache_control(fields);
  return block;
}

std::vector<llm::Block> decode_blocks(Fields& holder, std::string_view key) {
  std::vector<llm::Block> blocks;
  const json::Value* content = holder.any(key);
  if (content == nullptr) return blocks;
  if (const json::String* text = content->if_string()) {
    blocks.push_back({llm::Text{std::string(*text), {}}, {}});
    return blocks;
  }
  if (!content->is_array()) {
    holder.report(key, "a string or a list of content blocks");
    return blocks;
  }
  for (Fields& block : holder.objects(key)) blocks.push_back(decode_block(block));
  return blocks;
}

void decode_message(Fields& fields, std::vector<llm::Message>& messages) {
  const std::string role = fields.text("role");
  if (role != "user" && role != "assistant") {
    return fields.report("role", "\"user\" or \"assistant\"");
  }
  llm::Message results{llm::Role::tool, {}, {}};
  llm::Message message{role == "user" ? llm::Role::user : llm::Role::assistant, {}, {}};
  for (llm::Block& block : decode_blocks(fields, "content")) {
    const bool is_result = std::holds_alternative<llm::ToolResult>(block.content);
    (is_result ? results : message).blocks.push_back(std::move(block));
  }
  if (!results.blocks.empty()) messages.push_back(std::move(results));
  if (!message.blocks.empty()) messages.push_back(std::move(message));
}

}  // namespace

std::optional<llm::CacheControl> decode_cache_control(Fields& holder) {
  const json::Object* object = holder.object("cache_control");
  if (object == nullptr) return std::nullopt;
  Fields fields(*object, holder.path_of("cache_control."), holder.problems());
  return llm::CacheControl{fields.text("ttl")};
}

std::vector<llm::Message> decode_conversation(Fields& body) {
  std::vector<llm::Message> messages;
  std::vector<llm::Block> system = decode_blocks(body, "system");
  if (!system.empty()) messages.push_back({llm::Role::system, {}, std::move(system)});
  if (body.any("messages") == nullptr) body.report("messages", "a list of messages");
  for (Fields& message : body.objects("messages")) decode_message(message, messages);
  return messages;
}

}  // namespace gatehouse::dialects::anthropic_messages
