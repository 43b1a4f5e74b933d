#include "dialects/endpoints/embeddings.h"

#include <bit>
#include <cstdint>

#include "dialects/base64.h"
#include "dialects/endpoints/answers.h"
#include "dialects/json_reader.h"
#include "dialects/json_writer.h"

namespace gatehouse::dialects::endpoints {
namespace {

/// 32-bit floats, least significant byte first: what OpenAI's clients ask for by default.
std::string packed(const json::Array& vector) {
  std::string bytes;
  bytes.reserve(vector.size() * sizeof(float));
  for (const json::Value& number : vector) {
    const auto value = static_cast<float>(as_number(number).value_or(0));
    auto bits = std::bit_cast<std::uint32_t>(value);
    for (int i = 0; i < 4; ++i, bits >>= 8U) bytes += static_cast<char>(bits & 0xFFU);
  }
  return encode_base64(bytes);
}

Result<void> read_texts(const json::Value& input, std::vector<std::string>& texts) {
  if (input.is_string()) {
    texts.emplace_back(input.get_string());
    return {};
  }
  if (input.is_array()) {
    for (const json::Value& item : input.get_array()) {
      // Some clients send what they could send as an image too: {"text": "..."}.
      const std::string_view text =
          item.is_string() ? std::string_view(item.get_string()) : text_at(item, "text");
      if (!item.is_string() && text.empty()) {
        return wrong_param("input",
                           "'input' must be a text or a list of texts: this provider reads "
                           "neither tokens nor images here.");
      }
      texts.emplace_back(text);
    }
  }
  if (!texts.empty()) return {};
  return wrong_param("input", "'input' must be a text or a list with at least one text.");
}

}  // namespace

std::string_view EmbedAsk::said(std::initializer_list<std::string_view> names) const {
  for (const std::string_view name : names) {
    if (const std::string_view text = text_at(whole, name); !text.empty()) return text;
  }
  return {};
}

Result<EmbedAsk> read_embed(const EndpointAsk& ask) {
  Result<json::Value> body = parse_ask(ask);
  if (!body) return fail(std::move(body.error()));
  EmbedAsk embed;
  embed.whole = std::move(*body);
  const json::Value* input = json::find(embed.whole, "input");
  if (Result<void> read = read_texts(input != nullptr ? *input : json::Value(), embed.texts);
      !read) {
    return fail(std::move(read.error()));
  }
  embed.dimensions = integer_at(embed.whole, "dimensions");
  embed.is_base64 = text_at(embed.whole, "encoding_format") == "base64";
  return embed;
}

Result<EndpointReply> write_embeddings(const EndpointAsk& ask,
                                       const std::vector<const json::Array*>& vectors,
                                       std::optional<std::int64_t> tokens) {
  const Result<EmbedAsk> asked = read_embed(ask);
  if (!asked) return fail(asked.error());
  if (vectors.size() != asked->texts.size()) return malformed(ask, "a wrong number of vectors");
  EndpointReply reply;
  JsonWriter json(reply.body);
  json.open().text("object", "list").open_list("data");
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    json.open().text("object", "embedding").integer("index", static_cast<std::int64_t>(i));
    if (asked->is_base64) {
      json.text("embedding", packed(*vectors[i]));
    } else {
      json.value("embedding", json::Value(*vectors[i]));
    }
    json.close();
  }
  json.close_list().text("model", ask.model).text("provider", ask.provider);
  if (tokens) {
    json.open("usage").integer("prompt_tokens", *tokens).integer("total_tokens", *tokens).close();
    reply.usage.emplace();
    reply.usage->prompt_tokens = reply.usage->total_tokens = *tokens;
  }
  json.close();
  return reply;
}

}  // namespace gatehouse::dialects::endpoints
