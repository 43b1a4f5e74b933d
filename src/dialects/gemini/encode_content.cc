#include "dialects/gemini/encode_content.h"

#include <algorithm>

#include "base/text.h"
#include "dialects/base64.h"
#include "dialects/media.h"
#include "dialects/tools_in_play.h"
#include "json/value.h"

namespace gatehouse::dialects::gemini {
namespace {

constexpr std::string_view kSomeImage = "image/jpeg";
constexpr std::string_view kPdf = "application/pdf";

// Google lets a call without its signature pass if it carries these bytes instead.
constexpr std::string_view kNoSignature = "skip_thought_signature_validator";

class PartWriter {
 public:
  PartWriter(JsonWriter& json, const llm::Call& call, const ModelTraits& traits,
             EncodeLedger& ledger)
      : json_(json), call_(call), traits_(traits), ledger_(ledger) {}

  void write_turn(const Turn& turn) {
    needs_signature_ = traits_.demands_signatures;
    json_.open().text("role", turn.speaker == Speaker::user ? "user" : "model").open_list("parts");
    for (const llm::Block* block : turn.blocks) write_part(*block);
    json_.close_list().close();
  }

 private:
  void write_part(const llm::Block& block) {
    if (const auto* text = std::get_if<llm::Text>(&block.content)) {
      write_text(text->text);
    } else if (const auto* refusal = std::get_if<llm::Refusal>(&block.content)) {
      write_text(refusal->text);
    } else if (const auto* image = std::get_if<llm::Image>(&block.content)) {
      write_media(image->source, kSomeImage, image->detail);
    } else if (const auto* audio = std::get_if<llm::Audio>(&block.content)) {
      write_media(audio->source, "audio/wav", {});
    } else if (const auto* file = std::get_if<llm::File>(&block.content)) {
      write_media(file->source, kPdf, {});
    } else if (const auto* tool_call = std::get_if<llm::ToolCall>(&block.content)) {
      write_call(*tool_call);
    } else if (const auto* result = std::get_if<llm::ToolResult>(&block.content)) {
      write_result(*result);
    } else if (const auto* opaque = std::get_if<llm::Opaque>(&block.content)) {
      if (opaque->dialect == llm::DialectId::gemini) json_.raw(opaque->json);
    }
  }

  void write_text(std::string_view text) {
    if (!text.empty()) json_.open().text("text", text).close();
  }

  void write_media(const llm::Media& source, std::string_view otherwise_type,
                   std::string_view detail) {
    const std::string_view type = source.media_type.empty() ? otherwise_type : source.media_type;
    if (source.kind == llm::Media::Kind::text) return write_text(source.value);
    json_.open();
    if (source.kind == llm::Media::Kind::base64) {
      json_.open("inlineData").text("mimeType", type).text("data", source.value).close();
    } else {
      json_.open("fileData").text("mimeType", type).text("fileUri", source.value).close();
    }
    if (traits_.demands_signatures && (detail == "low" || detail == "medium" || detail == "high")) {
      const std::string_view level = detail == "low"      ? "MEDIA_RESOLUTION_LOW"
                                     : detail == "medium" ? "MEDIA_RESOLUTION_MEDIUM"
                                                          : "MEDIA_RESOLUTION_HIGH";
      json_.open("mediaResolution").text("level", level).close();
    }
    json_.close();
  }

  void write_call(const llm::ToolCall& tool_call) {
    const std::string arguments = arguments_object(tool_call);
    if (arguments.empty()) {
      ledger_.fail_with("messages",
                        "The arguments of tool call '" + tool_call.id +
                            "' are no JSON object: send them back as the model wrote them.");
    }
    json_.open().open("functionCall").text("name", tool_call.name);
    json_.raw("args", arguments.empty() ? "{}" : arguments).close();
    if (!tool_call.signature.empty()) {
      json_.text("thoughtSignature", tool_call.signature);
    } else if (needs_signature_) {
      json_.text("thoughtSignature", encode_base64(kNoSignature));
    }
    needs_signature_ = false;  // of calls made together, the first alone carries it
    json_.close();
  }

  void write_result(const llm::ToolResult& result) {
    const std::string_view name = tool_name_of(result, call_.messages);
    json_.open().open("functionResponse").text("name", name.empty() ? result.call_id : name);
    write_response(result);
    json_.close().close();
    for (const llm::Block& block : result.content) {
      if (!std::holds_alternative<llm::Text>(block.content)) write_part(block);
    }
  }

  /// What a function returned has to be an object: it is, or it becomes one.
  void write_response(const llm::ToolResult& result) {
    const std::string text = llm::text_of(result.content, "\n");
    const bool may_be_object = !result.is_error && trimmed(text).starts_with('{');
    const Result<json::Value> parsed = may_be_object ? json::parse(text) : Result<json::Value>();
    if (may_be_object && parsed && parsed->is_object()) {
      json_.raw("response", text);
    } else {
      json_.open("response").text(result.is_error ? "error" : "output", text).close();
    }
  }

  JsonWriter& json_;
  const llm::Call& call_;
  const ModelTraits& traits_;
  EncodeLedger& ledger_;
  bool needs_signature_ = false;
};

bool says_anything(const llm::Block& block) {
  if (const auto* text = std::get_if<llm::Text>(&block.content)) return !text->text.empty();
  if (const auto* opaque = std::get_if<llm::Opaque>(&block.content)) {
    return opaque->dialect == llm::DialectId::gemini;
  }
  return !std::holds_alternative<llm::Reasoning>(block.content);  // Gemini takes no thoughts back
}

}  // namespace

void write_system(JsonWriter& json, const std::vector<const llm::Block*>& blocks) {
  std::vector<std::string_view> texts;
  for (const llm::Block* block : blocks) {
    const auto* text = std::get_if<llm::Text>(&block->content);
    if (text != nullptr && !text->text.empty()) texts.push_back(text->text);
  }
  if (texts.empty()) return;
  json.open("systemInstruction").open_list("parts");
  for (const std::string_view text : texts) json.open().text("text", text).close();
  json.close_list().close();
}

void write_contents(JsonWriter& json, const llm::Call& call, const ModelTraits& traits,
                    EncodeLedger& ledger) {
  json.open_list("contents");
  PartWriter writer(json, call, traits, ledger);
  for (const Turn& turn : turns_of(call)) {
    const bool is_silent = std::ranges::none_of(
        turn.blocks, [](const llm::Block* block) { return says_anything(*block); });
    if (!is_silent) writer.write_turn(turn);
  }
  json.close_list();
}

}  // namespace gatehouse::dialects::gemini
