#include "dialects/anthropic_messages/encode_content.h"

#include <algorithm>

#include "base/text.h"
#include "dialects/base64.h"
#include "dialects/media.h"
#include "dialects/signature.h"
#include "dialects/tools_in_play.h"
#include "dialects/utf8.h"

namespace gatehouse::dialects::anthropic_messages {
namespace {

constexpr std::string_view kPdf = "application/pdf";
constexpr std::string_view kPlainText = "text/plain";
constexpr std::string_view kSomeImage = "image/jpeg";

bool is_blank(std::string_view text) { return trimmed(text).empty(); }

/// Whether the API would see anything in the block: it refuses blank text and unsigned thoughts.
bool says_anything(const llm::Block& block) {
  if (const auto* text = std::get_if<llm::Text>(&block.content)) return !is_blank(text->text);
  if (const auto* refusal = std::get_if<llm::Refusal>(&block.content))
    return !is_blank(refusal->text);
  if (const auto* opaque = std::get_if<llm::Opaque>(&block.content)) {
    return opaque->dialect == llm::DialectId::anthropic_messages;
  }
  const auto* reasoning = std::get_if<llm::Reasoning>(&block.content);
  return reasoning == nullptr || is_signed_by_claude(*reasoning);
}

std::vector<Turn> without_silence(const std::vector<Turn>& turns) {
  std::vector<Turn> kept;
  for (const Turn& turn : turns) {
    Turn next{turn.speaker, {}};
    for (const llm::Block* block : turn.blocks) {
      if (says_anything(*block)) next.blocks.push_back(block);
    }
    if (next.blocks.empty()) continue;
    if (!kept.empty() && kept.back().speaker == next.speaker) {
      kept.back().blocks.insert(kept.back().blocks.end(), next.blocks.begin(), next.blocks.end());
    } else {
      kept.push_back(std::move(next));
    }
  }
  return kept;
}

/// The turn's text if it is one plain text and nothing else: then the short form will do.
const std::string* only_text(const Turn& turn) {
  if (turn.blocks.size() != 1 || turn.blocks.front()->cache) return nullptr;
  const auto* text = std::get_if<llm::Text>(&turn.blocks.front()->content);
  return text == nullptr ? nullptr : &text->text;
}

/// Media whose type nobody said are of `otherwise`.
llm::Media with_type(llm::Media source, std::string_view otherwise) {
  if (source.media_type.empty()) source.media_type = otherwise;
  return source;
}

std::string_view without_trailing_space(std::string_view text) {
  const std::size_t last = text.find_last_not_of(" \t\r\n");
  return text.substr(0, last + 1);
}

}  // namespace

void write_cache_control(JsonWriter& json, const std::optional<llm::CacheControl>& cache) {
  if (!cache) return;
  json.open("cache_control").text("type", "ephemeral").text_if_any("ttl", cache->ttl).close();
}

void ContentWriter::write_system(const std::vector<const llm::Block*>& blocks) {
  if (std::ranges::none_of(blocks, [](const llm::Block* block) { return says_anything(*block); })) {
    return;
  }
  json_.open_list("system");
  for (const llm::Block* block : blocks) {
    if (says_anything(*block)) write_block(*block);
  }
  json_.close_list();
}

void ContentWriter::write_messages(const std::vector<Turn>& turns) {
  json_.open_list("messages");
  const std::vector<Turn> spoken = without_silence(turns);
  for (const Turn& turn : spoken) {
    // Words that are put into the assistant's mouth may not end in a space.
    const bool is_prefill = &turn == &spoken.back() && turn.speaker == Speaker::assistant;
    const auto* text = std::get_if<llm::Text>(&turn.blocks.back()->content);
    write_turn(turn, is_prefill && text != nullptr ? without_trailing_space(text->text)
                                                   : std::string_view());
  }
  json_.close_list();
}

void ContentWriter::write_turn(const Turn& turn, std::string_view last_text) {
  json_.open().text("role", turn.speaker == Speaker::user ? "user" : "assistant");
  if (const std::string* text = only_text(turn)) {
    json_.text("content", last_text.empty() ? std::string_view(*text) : last_text).close();
    return;
  }
  json_.open_list("content");
  for (const llm::Block* block : turn.blocks) {
    if (block == turn.blocks.back() && !last_text.empty()) {
      write_text(last_text, block->cache);
    } else {
      write_block(*block);
    }
  }
  json_.close_list().close();
}

void ContentWriter::write_block(const llm::Block& block) {
  if (const auto* text = std::get_if<llm::Text>(&block.content)) {
    write_text(text->text, block.cache);
  } else if (const auto* refusal = std::get_if<llm::Refusal>(&block.content)) {
    write_text(refusal->text, block.cache);
  } else if (const auto* image = std::get_if<llm::Image>(&block.content)) {
    write_media(with_type(image->source, kSomeImage), {}, block.cache);
  } else if (const auto* file = std::get_if<llm::File>(&block.content)) {
    write_media(with_type(file->source, kPdf), file->name, block.cache);
  } else if (const auto* call = std::get_if<llm::ToolCall>(&block.content)) {
    write_call(*call, block.cache);
  } else if (const auto* result = std::get_if<llm::ToolResult>(&block.content)) {
    write_result(*result, block.cache);
  } else if (const auto* reasoning = std::get_if<llm::Reasoning>(&block.content)) {
    write_reasoning(*reasoning);
  } else if (const auto* opaque = std::get_if<llm::Opaque>(&block.content)) {
    if (opaque->dialect == llm::DialectId::anthropic_messages) json_.raw(opaque->json);
  } else {
    ledger_.fail_with("messages",
                      "Claude does not take audio: send text, an image or a document instead.");
  }
}

void ContentWriter::write_text(std::string_view text,
                               const std::optional<llm::CacheControl>& cache) {
  json_.open().text("type", "text").text("text", text);
  write_cache_control(json_, cache);
  json_.close();
}

/// An image or a document, whichever the media type says.
void ContentWriter::write_media(const llm::Media& source, std::string_view title,
                                const std::optional<llm::CacheControl>& cache) {
  const bool is_file = source.kind == llm::Media::Kind::file_id;
  const bool is_picture = !is_file && is_image(source.media_type);
  uses_files_ = uses_files_ || is_file;
  json_.open().text("type", is_picture ? "image" : "document").open("source");
  write_source(source);
  json_.close();
  if (!is_picture) json_.text_if_any("title", title);
  write_cache_control(json_, cache);
  json_.close();
}

void ContentWriter::write_source(const llm::Media& source) {
  switch (source.kind) {
    case llm::Media::Kind::url: json_.text("type", "url").text("url", source.value); return;
    case llm::Media::Kind::file_id:
      json_.text("type", "file").text("file_id", source.value);
      return;
    case llm::Media::Kind::text:
      json_.text("type", "text").text("media_type", kPlainText).text("data", source.value);
      return;
    case llm::Media::Kind::base64: break;
  }
  const std::string_view media_type = source.media_type;
  const bool is_text = media_type.starts_with("text/") || media_type == "application/json";
  const auto decoded = is_text ? decode_base64(source.value) : std::nullopt;
  if (decoded) {
    json_.text("type", "text").text("media_type", kPlainText).text("data", repaired_utf8(*decoded));
    return;
  }
  if (!is_image(media_type) && media_type != kPdf) {
    ledger_.fail_with("messages", "Claude takes images, PDF and plain text, not '" +
                                      std::string(media_type) + "': convert the file first.");
  }
  json_.text("type", "base64").text("media_type", media_type);
  json_.text("data", source.value);
}

void ContentWriter::write_call(const llm::ToolCall& call,
                               const std::optional<llm::CacheControl>& cache) {
  const std::string input = arguments_object(call);
  if (input.empty()) {
    ledger_.fail_with("messages",
                      "The arguments of tool call '" + call.id +
                          "' are no JSON object: send them back as the model wrote them.");
  }
  json_.open().text("type", "tool_use").text("id", plain_id(call.id)).text("name", call.name);
  json_.raw("input", input.empty() ? "{}" : input);
  write_cache_control(json_, cache);
  json_.close();
}

void ContentWriter::write_result(const llm::ToolResult& result,
                                 const std::optional<llm::CacheControl>& cache) {
  json_.open().text("type", "tool_result").text("tool_use_id", plain_id(result.call_id));
  const bool is_one_text = result.content.size() == 1 && !result.content.front().cache &&
                           std::holds_alternative<llm::Text>(result.content.front().content);
  if (result.content.empty()) {
    json_.text("content", "");
  } else if (is_one_text) {
    json_.text("content", std::get<llm::Text>(result.content.front().content).text);
  } else {
    json_.open_list("content");
    for (const llm::Block& block : result.content) {
      if (says_anything(block)) write_block(block);
    }
    json_.close_list();
  }
  if (result.is_error) json_.flag("is_error", true);
  write_cache_control(json_, cache);
  json_.close();
}

void ContentWriter::write_reasoning(const llm::Reasoning& reasoning) {
  json_.open();
  if (!reasoning.redacted.empty()) {
    json_.text("type", "redacted_thinking").text("data", reasoning.redacted);
  } else {
    json_.text("type", "thinking").text("thinking", reasoning.text);
    json_.text("signature", reasoning.signature);
  }
  json_.close();
}

}  // namespace gatehouse::dialects::anthropic_messages
