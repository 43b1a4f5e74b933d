// Images, speech and transcriptions, and the small rest.
#include <algorithm>

#include "demo/checks.h"
#include "demo/endpoints.h"
#include "demo/fingerprint.h"
#include "demo/models.h"
#include "demo/picture.h"
#include "demo/written.h"

namespace gatehouse::demo {
namespace {

using json::Array;
using json::Object;
using json::Value;

constexpr std::uint32_t kSampleRate = 8000;
constexpr std::uint32_t kSamples = kSampleRate * 2 / 5;

void append_little_endian(std::string& out, std::uint32_t value, unsigned bytes) {
  for (unsigned i = 0; i < bytes; ++i) out += static_cast<char>((value >> (8 * i)) & 0xFFU);
}

/// RIFF/WAVE with 8 bits a sample: a short tone whose pitch follows from the text.
std::string tone_for(std::string_view text) {
  std::string wave = "RIFF";
  append_little_endian(wave, 36 + kSamples, 4);
  wave += "WAVEfmt ";
  append_little_endian(wave, 16, 4);
  append_little_endian(wave, 1, 2);  // PCM
  append_little_endian(wave, 1, 2);  // one channel
  append_little_endian(wave, kSampleRate, 4);
  append_little_endian(wave, kSampleRate, 4);  // bytes a second
  append_little_endian(wave, 1, 2);            // bytes a sample
  append_little_endian(wave, 8, 2);            // bits a sample
  wave += "data";
  append_little_endian(wave, kSamples, 4);
  const auto half_period = static_cast<std::uint32_t>(6 + hash_of(text) % 12);
  for (std::uint32_t i = 0; i < kSamples; ++i) {
    wave += (i / half_period) % 2 == 0 ? '\x60' : static_cast<char>(0xA0);
  }
  return wave;
}

/// The value of a field of a multipart/form-data body (RFC 7578), or empty.
std::string_view form_field(std::string_view body, std::string_view name) {
  const std::size_t at = body.find("name=\"" + std::string(name) + "\"");
  if (at == std::string_view::npos) return {};
  const std::size_t blank_line = body.find("\r\n\r\n", at);
  if (blank_line == std::string_view::npos) return {};
  const std::string_view rest = body.substr(blank_line + 4);
  return rest.substr(0, rest.find("\r\n--"));
}

Outcome<Value> read_prompted(const Request& request, std::string_view key) {
  Outcome<Value> body = read_body(request.body);
  if (!body) return body;
  const Value* text = json::find(*body, key);
  if (text == nullptr || !text->is_string() || text->get_string().empty()) {
    return refuse(std::string(key),
                  "Missing required parameter: '" + std::string(key) + "', a string.");
  }
  return body;
}

Object judgement_of(const std::string& text) {
  const bool is_flagged = text.find("demo-flag") != std::string::npos;
  Object categories;
  Object scores;
  for (const std::string_view category :
       {"harassment", "harassment/threatening", "hate", "hate/threatening", "illicit",
        "illicit/violent", "self-harm", "self-harm/intent", "self-harm/instructions", "sexual",
        "sexual/minors", "violence", "violence/graphic"}) {
    const bool is_meant = is_flagged && category == "violence";
    categories[category] = is_meant;
    scores[category] = is_meant ? 0.99 : 0.001;
  }
  return {{"flagged", is_flagged},
          {"categories", std::move(categories)},
          {"category_scores", std::move(scores)}};
}

}  // namespace

Outcome<Answer> answer_moderations(const Request& request) {
  const Outcome<Value> body = read_body(request.body);
  if (!body) return std::unexpected(body.error());
  const Outcome<std::vector<std::string>> texts = read_texts(*body, "input");
  if (!texts) return std::unexpected(texts.error());
  const Outcome<Model> model =
      find_model(json::string_or(*body, "model", "demo-moderation"), "demo-moderation");
  if (!model) return std::unexpected(model.error());
  Array results;
  for (const std::string& text : *texts) results.push_back(judgement_of(text));
  return written(Object{{"id", id_of("modr-demo-", request.body)},
                        {"model", model->name},
                        {"results", std::move(results)}},
                 *model);
}

Outcome<Answer> answer_image(const Request& request) {
  const Outcome<Value> body = read_prompted(request, "prompt");
  if (!body) return std::unexpected(body.error());
  const auto count = read_integer(*body, "n", {1, 10});
  if (!count) return std::unexpected(count.error());
  const Outcome<Model> model =
      find_model(json::string_or(*body, "model", "demo-image"), "demo-image");
  if (!model) return std::unexpected(model.error());
  const std::string prompt(json::string_or(*body, "prompt", ""));
  const bool as_url = json::string_or(*body, "response_format", "b64_json") == "url";
  Array images;
  for (std::int64_t i = 0; i < count->value_or(1); ++i) {
    const std::string picture = base64_of(picture_for(prompt + std::to_string(i)));
    images.push_back(
        Object{{as_url ? "url" : "b64_json", (as_url ? "data:image/png;base64," : "") + picture},
               {"revised_prompt", "[demo] " + prompt}});
  }
  return written(Object{{"created", request.created}, {"data", std::move(images)}}, *model);
}

Outcome<Answer> answer_speech(const Request& request) {
  const Outcome<Value> body = read_prompted(request, "input");
  if (!body) return std::unexpected(body.error());
  const Outcome<std::string> name = read_model(*body);
  if (!name) return std::unexpected(name.error());
  const Outcome<Model> model = find_model(*name, "demo-speech");
  if (!model) return std::unexpected(model.error());
  return written_bytes("audio/wav", tone_for(json::string_or(*body, "input", "")), *model);
}

Outcome<Answer> answer_transcription(const Request& request) {
  if (!request.content_type.starts_with("multipart/form-data")) {
    return refuse("", "The audio must be sent as multipart/form-data.");
  }
  const std::string_view name = form_field(request.body, "model");
  if (name.empty()) return refuse("model", "You must provide a model parameter.");
  const std::string_view audio = form_field(request.body, "file");
  if (audio.empty()) return refuse("file", "Missing required parameter: 'file'.");
  const Outcome<Model> model = find_model(name, "demo-transcribe");
  if (!model) return std::unexpected(model.error());
  const std::string text = "[demo] " + std::to_string(audio.size()) +
                           " bytes of audio were sent. No model listened to them.";
  if (form_field(request.body, "response_format") == "text") {
    return written_bytes("text/plain; charset=utf-8", text + "\n", *model);
  }
  return written(Object{{"text", text}}, *model);
}

Outcome<Answer> answer_models(const Request& request) {
  constexpr std::string_view kCollection = "/models";
  const std::string_view rest =
      request.path.substr(request.path.find(kCollection) + kCollection.size());
  if (rest.size() <= 1) return written(list_models(request.created));
  const Outcome<Value> model = describe_model(rest.substr(1), request.created);
  if (!model) return std::unexpected(model.error());
  return written(*model);
}

}  // namespace gatehouse::demo
