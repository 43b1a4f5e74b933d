#include "dialects/bedrock_converse/encode_content.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "dialects/base64.h"
#include "dialects/media.h"
#include "dialects/signature.h"
#include "dialects/tools_in_play.h"

namespace gatehouse::dialects::bedrock_converse {
namespace {

constexpr std::size_t kMaxIdBytes = 64;

struct Format {
  std::string_view media_type;
  std::string_view kind;  // the member that holds it
  std::string_view format;
};
constexpr std::array kFormats = {
    Format{"image/png", "image", "png"},
    Format{"image/jpeg", "image", "jpeg"},
    Format{"image/jpg", "image", "jpeg"},
    Format{"image/gif", "image", "gif"},
    Format{"image/webp", "image", "webp"},
    Format{"video/x-matroska", "video", "mkv"},
    Format{"video/quicktime", "video", "mov"},
    Format{"video/mp4", "video", "mp4"},
    Format{"video/webm", "video", "webm"},
    Format{"video/x-flv", "video", "flv"},
    Format{"video/mpeg", "video", "mpeg"},
    Format{"video/mpg", "video", "mpg"},
    Format{"video/x-ms-wmv", "video", "wmv"},
    Format{"video/3gpp", "video", "three_gp"},
    Format{"application/pdf", "document", "pdf"},
    Format{"text/csv", "document", "csv"},
    Format{"application/msword", "document", "doc"},
    Format{"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "document",
           "docx"},
    Format{"application/vnd.ms-excel", "document", "xls"},
    Format{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "document", "xlsx"},
    Format{"text/html", "document", "html"},
    Format{"text/plain", "document", "txt"},
    Format{"text/markdown", "document", "md"},
    Format{"application/json", "document", "txt"},
};

bool is_blank(std::string_view text) { return trimmed(text).empty(); }

bool says_anything(const llm::Block& block) {
  if (const auto* text = std::get_if<llm::Text>(&block.content)) return !is_blank(text->text);
  if (const auto* refusal = std::get_if<llm::Refusal>(&block.content))
    return !is_blank(refusal->text);
  if (const auto* opaque = std::get_if<llm::Opaque>(&block.content)) {
    return opaque->dialect == llm::DialectId::bedrock_converse;
  }
  const auto* reasoning = std::get_if<llm::Reasoning>(&block.content);
  return reasoning == nullptr || is_signed_by_claude(*reasoning);
}

/// A document's name may hold letters, digits, single spaces, hyphens and brackets.
std::string document_name(std::string_view name) {
  constexpr std::string_view kAllowed = "-()[]";
  std::string clean;
  for (const char c : name.substr(0, name.rfind('.'))) {
    const bool is_plain = (c >= '0' && c <= '9') ||
                          (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') ||
                          kAllowed.find(c) != std::string_view::npos;
    if (is_plain) {
      clean += c;
    } else if (!clean.empty() && clean.back() != ' ') {
      clean += ' ';
    }
  }
  return std::string(trimmed(clean));
}

class BlockWriter {
 public:
  BlockWriter(JsonWriter& json, Family family, EncodeLedger& ledger)
      : json_(json), family_(family), ledger_(ledger) {}

  void write_turn(const Turn& turn) {
    json_.open().text("role", turn.speaker == Speaker::user ? "user" : "assistant");
    json_.open_list("content");
    has_text_ = has_document_ = false;
    for (const llm::Block* block : turn.blocks) {
      if (says_anything(*block)) write_block(*block);
    }
    // Bedrock refuses a document without any words beside it.
    if (has_document_ && !has_text_) json_.open().text("text", "The attached document:").close();
    json_.close_list().close();
  }

 private:
  void write_block(const llm::Block& block) {
    if (const auto* text = std::get_if<llm::Text>(&block.content)) {
      write_text(text->text);
    } else if (const auto* refusal = std::get_if<llm::Refusal>(&block.content)) {
      write_text(refusal->text);
    } else if (const auto* image = std::get_if<llm::Image>(&block.content)) {
      write_media(image->source, {}, "image/jpeg");
    } else if (const auto* file = std::get_if<llm::File>(&block.content)) {
      write_media(file->source, file->name, "application/pdf");
    } else if (const auto* audio = std::get_if<llm::Audio>(&block.content)) {
      write_audio(*audio);
    } else if (const auto* call = std::get_if<llm::ToolCall>(&block.content)) {
      write_call(*call);
    } else if (const auto* result = std::get_if<llm::ToolResult>(&block.content)) {
      write_result(*result);
    } else if (const auto* reasoning = std::get_if<llm::Reasoning>(&block.content)) {
      write_reasoning(*reasoning);
    } else if (const auto* opaque = std::get_if<llm::Opaque>(&block.content)) {
      json_.raw(opaque->json);
    }
    write_cache_point(json_, block.cache);
  }

  void write_text(std::string_view text) {
    has_text_ = true;
    json_.open().text("text", text).close();
  }

  void write_media(const llm::Media& source, std::string_view name,
                   std::string_view otherwise_type) {
    std::string_view type = source.media_type.empty() ? otherwise_type : source.media_type;
    if (source.kind == llm::Media::Kind::text) type = "text/plain";
    const auto found = std::ranges::find(kFormats, type, &Format::media_type);
    if (found == kFormats.end()) {
      return ledger_.fail_with("messages",
                               "Bedrock takes no media of type '" + std::string(type) +
                                   "': convert it first, to PNG, PDF or plain text for example.");
    }
    json_.open().open(found->kind).text("format", found->format);
    if (found->kind == "document") write_document_name(name);
    write_source(source);
    json_.close().close();
  }

  void write_document_name(std::string_view name) {
    has_document_ = true;
    std::string clean = document_name(name);
    if (clean.empty()) clean = "document";
    if (std::ranges::find(names_, clean) != names_.end()) {  // no two may be the same
      clean += " (" + std::to_string(names_.size() + 1) + ")";
    }
    json_.text("name", clean);
    names_.push_back(std::move(clean));
  }

  void write_source(const llm::Media& source) {
    json_.open("source");
    if (source.kind == llm::Media::Kind::base64) {
      json_.text("bytes", source.value);
    } else if (source.kind == llm::Media::Kind::text) {
      json_.text("bytes", encode_base64(source.value));
    } else if (source.value.starts_with("s3://")) {
      json_.open("s3Location").text("uri", source.value).close();
    } else {
      ledger_.fail_with("messages",
                        "Bedrock does not fetch '" + source.value +
                            "': give the data itself (data:<type>;base64,…) or an s3:// address.");
    }
    json_.close();
  }

  void write_audio(const llm::Audio& audio) {
    if (family_ != Family::amazon) {
      return ledger_.fail_with("messages",
                               "This model does not take audio: send text, an image or a "
                               "document instead.");
    }
    json_.open().open("audio").text("format", audio.format);
    write_source(audio.source);
    json_.close().close();
  }

  void write_call(const llm::ToolCall& call) {
    const std::string input = arguments_object(call);
    if (input.empty()) {
      ledger_.fail_with("messages",
                        "The arguments of tool call '" + call.id +
                            "' are no JSON object: send them back as the model wrote them.");
    }
    json_.open().open("toolUse").text("toolUseId", tool_use_id(call.id)).text("name", call.name);
    json_.raw("input", input.empty() ? "{}" : input).close().close();
  }

  void write_result(const llm::ToolResult& result) {
    json_.open().open("toolResult").text("toolUseId", tool_use_id(result.call_id));
    json_.open_list("content");
    const bool had_text = has_text_;
    for (const llm::Block& block : result.content) {
      if (says_anything(block)) write_block(block);
    }
    has_text_ = had_text;
    json_.close_list();
    if (result.is_error) json_.text("status", "error");  // not every model knows the member
    json_.close().close();
  }

  void write_reasoning(const llm::Reasoning& reasoning) {
    json_.open().open("reasoningContent");
    if (!reasoning.redacted.empty()) {
      json_.text("redactedContent", reasoning.redacted);
    } else {
      json_.open("reasoningText")
          .text("text", reasoning.text)
          .text("signature", reasoning.signature);
      json_.close();
    }
    json_.close().close();
  }

  JsonWriter& json_;
  Family family_;
  EncodeLedger& ledger_;
  std::vector<std::string> names_;  // of documents
  bool has_text_ = false;
  bool has_document_ = false;
};

}  // namespace

void write_cache_point(JsonWriter& json, const std::optional<llm::CacheControl>& cache) {
  if (!cache) return;
  json.open()
      .open("cachePoint")
      .text("type", "default")
      .text_if_any("ttl", cache->ttl)
      .close()
      .close();
}

void write_system(JsonWriter& json, const std::vector<const llm::Block*>& blocks) {
  const auto speaks = [](const llm::Block* block) {
    return std::holds_alternative<llm::Text>(block->content) && says_anything(*block);
  };
  if (std::ranges::none_of(blocks, speaks)) return;
  json.open_list("system");
  for (const llm::Block* block : blocks) {
    if (!speaks(block)) continue;
    json.open().text("text", std::get<llm::Text>(block->content).text).close();
    write_cache_point(json, block->cache);
  }
  json.close_list();
}

void write_messages(JsonWriter& json, const std::vector<Turn>& turns, Family family,
                    EncodeLedger& ledger) {
  json.open_list("messages");
  BlockWriter writer(json, family, ledger);
  for (const Turn& turn : turns) {
    const bool is_silent = std::ranges::none_of(
        turn.blocks, [](const llm::Block* block) { return says_anything(*block); });
    if (!is_silent) writer.write_turn(turn);
  }
  json.close_list();
}

std::string tool_use_id(std::string_view id) { return plain_id(id).substr(0, kMaxIdBytes); }

}  // namespace gatehouse::dialects::bedrock_converse
