#include "dialects/input_audio.h"
#include "dialects/json_writer.h"
#include "dialects/media.h"
#include "dialects/openai_chat/decode.h"

namespace gatehouse::dialects::openai_chat {
namespace {

constexpr std::string_view kPdf = "application/pdf";

llm::Image decode_image(Fields& part) {
  const json::Value* given = part.any("image_url");
  llm::Image image;
  if (given == nullptr) {
    part.report("image_url", "an object with 'url'");
    return image;
  }
  if (const json::String* url = given->if_string()) {  // as Mistral's clients write it
    image.source = media_of_url(*url);
    return image;
  }
  const json::Object* object = part.object("image_url");
  if (object == nullptr) return image;
  Fields fields(*object, part.path_of("image_url."), part.problems());
  const std::string url = fields.text("url");
  if (url.empty()) fields.report("url", "an http(s) address or a data URL");
  image.source = media_of_url(url);
  image.detail = fields.text("detail");
  if (std::string type = fields.text("mime_type"); !type.empty())
    image.source.media_type = std::move(type);
  return image;
}

llm::File decode_file(Fields& part) {
  const json::Object* object = part.object("file");
  if (object == nullptr) {
    part.report("file", "an object with 'file_data' or 'file_id'");
    return {};
  }
  Fields fields(*object, part.path_of("file."), part.problems());
  llm::File file;
  file.name = fields.text("filename");
  if (std::string name = fields.text("file_name"); file.name.empty()) file.name = std::move(name);
  const std::string type = fields.text("mime_type");
  const std::string_view named_type = media_type_of_path(file.name);
  if (const std::string data = fields.text("file_data"); !data.empty()) {
    file.source = media_of_file_data(data, named_type.empty() ? kPdf : named_type);
  } else if (const std::string url = fields.text("file_url"); !url.empty()) {
    file.source = media_of_url(url);
  } else if (const std::string id = fields.text("file_id"); !id.empty()) {
    file.source = {llm::Media::Kind::file_id, id, {}};
  } else {
    fields.report("file_data", "given, or 'file_id', or 'file_url'");
  }
  if (!type.empty()) file.source.media_type = type;
  return file;
}

llm::Block decode_part(Fields& part) {
  const std::string type = part.text("type");
  llm::Block block;
  if (type == "text" || type == "input_text" || type == "output_text") {
    block.content = llm::Text{part.text("text"), {}};
  } else if (type == "image_url") {
    block.content = decode_image(part);
  } else if (type == "input_audio") {
    block.content = decode_input_audio(part);
  } else if (type == "file") {
    block.content = decode_file(part);
  } else if (type == "refusal") {
    block.content = llm::Refusal{part.text("refusal")};
  } else if (type == "thinking") {
    block.content = llm::Reasoning{part.text("thinking"), part.text("signature"), {}};
  } else if (type == "redacted_thinking") {
    block.content = llm::Reasoning{{}, {}, part.text("data")};
  } else {
    if (type.empty()) part.report("type", "the kind of the part, such as \"text\"");
    block.content = llm::Opaque{llm::DialectId::openai_chat, to_text(part.whole())};
  }
  block.cache = decode_cache_control(part);
  return block;
}

}  // namespace

std::optional<llm::CacheControl> decode_cache_control(Fields& holder) {
  const json::Object* object = holder.object("cache_control");
  if (object == nullptr) return std::nullopt;
  Fields fields(*object, holder.path_of("cache_control."), holder.problems());
  return llm::CacheControl{fields.text("ttl")};
}

std::vector<llm::Block> decode_content(Fields& message, std::string_view key) {
  std::vector<llm::Block> blocks;
  const json::Value* content = message.any(key);
  if (content == nullptr) return blocks;
  if (const json::String* text = content->if_string()) {
    if (!text->empty()) blocks.push_back({llm::Text{std::string(*text), {}}, {}});
    return blocks;
  }
  if (!content->is_array()) {
    message.report(key, "a string or a list of parts");
    return blocks;
  }
  for (Fields& part : message.objects(key)) blocks.push_back(decode_part(part));
  return blocks;
}

}  // namespace gatehouse::dialects::openai_chat
