// Messages and the blocks of content they are made of.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "llm/dialect_id.h"

namespace gatehouse::llm {

enum class Role : std::uint8_t { system, developer, user, assistant, tool };

/// A member of a JSON object that this vocabulary has no word for: `json` is its value's text.
struct RawMember {
  std::string name;
  std::string json;
};

/// "Keep everything up to here in the provider's prompt cache."
struct CacheControl {
  std::string ttl;  // "5m", "1h", or empty for the provider's default
};

/// Where bytes of an image, a sound or a document come from.
struct Media {
  enum class Kind : std::uint8_t {
    base64,   // `value` is the bytes in base64
    url,      // `value` is an address: https, gs, s3
    file_id,  // `value` names a file that the provider holds
    text,     // `value` is plain text
  };
  Kind kind = Kind::base64;
  std::string value;
  std::string media_type;  // "image/png"; empty if nothing says
};

/// Where a piece of an answer was found.
struct Citation {
  std::string url;
  std::string title;
  std::string quote;
  std::optional<std::int64_t> start;  // characters of the answer's text
  std::optional<std::int64_t> end;
};

struct Text {
  std::string text;
  std::vector<Citation> citations;
};

struct Image {
  Media source;
  std::string detail;  // "low", "high", "auto", or empty
};

struct Audio {
  Media source;
  std::string format;  // "wav", "mp3", …
};

struct File {
  Media source;
  std::string name;
};

enum class ToolKind : std::uint8_t {
  function,  // arguments are a JSON object
  custom,    // one free text
};

struct ToolCall {
  std::string id;
  std::string name;
  std::string arguments;  // as the model wrote them: the text of a JSON object, or free text
  std::string signature;  // Gemini's thought signature, if one came with it
  ToolKind kind = ToolKind::function;
};

struct Block;

struct ToolResult {
  std::string call_id;
  std::string name;  // of the tool, if the protocol said; else see tool_name_of
  std::vector<Block> content;
  bool is_error = false;
};

/// What a model thought before it answered. A provider that signs its thoughts takes them back only
/// unchanged, with their signature.
struct Reasoning {
  std::string text;
  std::string signature;
  std::string redacted;  // thoughts that came encrypted; then `text` is empty
};

struct Refusal {
  std::string text;
};

/// A block that only one protocol knows, as its JSON text.
struct Opaque {
  DialectId dialect = DialectId::openai_chat;
  std::string json;
};

struct Block {
  std::variant<Text, Image, Audio, File, ToolCall, ToolResult, Reasoning, Refusal, Opaque> content;
  std::optional<CacheControl> cache;
};

/// Tool results stand in messages of role `tool` that hold nothing else, right after the assistant
/// message whose calls they answer. That is the normal form which every decoder produces.
struct Message {
  Role role = Role::user;
  std::string name;
  std::vector<Block> blocks;
};

/// All the text blocks of a message in order, joined.
std::string text_of(const std::vector<Block>& blocks, std::string_view separator = {});

/// The name of the tool that a result answers: its own, or that of the call with its id in
/// `history`. Empty if neither is known.
std::string_view tool_name_of(const ToolResult& result, const std::vector<Message>& history);

}  // namespace gatehouse::llm
