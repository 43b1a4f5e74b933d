#include "dialects/endpoints/images.h"

#include <array>
#include <cmath>

#include "base/percent.h"
#include "base/text.h"
#include "dialects/endpoints/answers.h"
#include "dialects/json_reader.h"
#include "dialects/json_writer.h"

namespace gatehouse::dialects::endpoints {
namespace {

struct Size {
  std::int64_t width = 0;
  std::int64_t height = 0;
};

struct ImageAsk {
  json::Value whole;
  std::string prompt;
  std::int64_t n = 1;
  std::optional<Size> size;
};

/// "1024x1536"; "auto" is no size.
Result<std::optional<Size>> read_size(std::string_view text) {
  if (text.empty() || text == "auto") return std::nullopt;
  const std::size_t cross = text.find('x');
  const auto width = parse_number<std::int64_t>(text.substr(0, cross));
  const auto height = cross == std::string_view::npos
                          ? std::nullopt
                          : parse_number<std::int64_t>(text.substr(cross + 1));
  if (width && height && *width > 0 && *height > 0) return Size{*width, *height};
  return wrong_param("size", "'size' must be WIDTHxHEIGHT, such as 1024x1024, or auto.");
}

Result<ImageAsk> read_image(const EndpointAsk& ask) {
  Result<json::Value> body = parse_ask(ask);
  if (!body) return fail(std::move(body.error()));
  ImageAsk image;
  image.whole = std::move(*body);
  image.prompt = text_at(image.whole, "prompt");
  image.n = integer_at(image.whole, "n").value_or(1);
  if (image.prompt.empty()) return wrong_param("prompt", "'prompt' must be a text.");
  Result<std::optional<Size>> size = read_size(text_at(image.whole, "size"));
  if (!size) return fail(std::move(size.error()));
  image.size = *size;
  return image;
}

/// The nearest of the shapes that models know; empty if nothing was asked for.
std::string_view aspect_of(const std::optional<Size>& size) {
  if (!size) return {};
  struct Shape {
    std::string_view name;
    double ratio;
  };
  constexpr std::array kShapes = {Shape{"1:1", 1.0}, Shape{"3:4", 0.75}, Shape{"4:3", 4.0 / 3},
                                  Shape{"9:16", 0.5625}, Shape{"16:9", 16.0 / 9}};
  const double asked = static_cast<double>(size->width) / static_cast<double>(size->height);
  const Shape* nearest = kShapes.data();
  for (const Shape& shape : kShapes) {
    if (std::abs(shape.ratio - asked) < std::abs(nearest->ratio - asked)) nearest = &shape;
  }
  return nearest->name;
}

Result<EndpointReply> write_images(const EndpointAsk& ask,
                                   const std::vector<std::string_view>& pictures) {
  if (pictures.empty()) {
    return fail(upstream_error(ErrorCode::upstream_malformed,
                               "Invalid response received from " + std::string(ask.provider) +
                                   ": no picture. Its filters may have held it back."));
  }
  EndpointReply reply;
  JsonWriter json(reply.body);
  json.open().integer("created", ask.created).open_list("data");
  for (const std::string_view picture : pictures) json.open().text("b64_json", picture).close();
  json.close_list().text("model", ask.model).text("provider", ask.provider).close();
  return reply;
}

bool is_imagen(const EndpointAsk& ask) {
  return ask.model.find("imagen") != std::string_view::npos ||
         ask.model.find("imagegeneration") == 0;
}

std::string imagen_body(const ImageAsk& image) {
  std::string body;
  JsonWriter json(body);
  json.open().open_list("instances").open().text("prompt", image.prompt).close().close_list();
  json.open("parameters").integer("sampleCount", image.n);
  json.text_if_any("aspectRatio", aspect_of(image.size)).close().close();
  return body;
}

std::string gemini_body(const ImageAsk& image) {
  std::string body;
  JsonWriter json(body);
  json.open().open_list("contents").open().text("role", "user").open_list("parts");
  json.open().text("text", image.prompt).close().close_list().close().close_list();
  json.open("generationConfig").open_list("responseModalities").text("TEXT").text("IMAGE");
  json.close_list();
  if (image.size) json.open("imageConfig").text("aspectRatio", aspect_of(image.size)).close();
  json.close().close();
  return body;
}

void collect_inline(const json::Value& answer, std::vector<std::string_view>& pictures) {
  for (const json::Value& candidate : array_at(answer, "candidates")) {
    const json::Value* parts = value_at(candidate, {"content", "parts"});
    if (parts == nullptr || !parts->is_array()) continue;
    for (const json::Value& part : parts->get_array()) {
      const json::Value* data = value_at(part, {"inlineData", "data"});
      if (data != nullptr && data->is_string()) pictures.emplace_back(data->get_string());
    }
  }
}

std::string titan_body(const ImageAsk& image) {
  std::string body;
  JsonWriter json(body);
  json.open().text("taskType", "TEXT_IMAGE");
  json.open("textToImageParams").text("text", image.prompt).close();
  json.open("imageGenerationConfig").integer("numberOfImages", image.n);
  if (image.size) json.integer("width", image.size->width).integer("height", image.size->height);
  json.text_if_any("quality", text_at(image.whole, "quality") == "hd" ? "premium" : "");
  json.integer_if_any("seed", integer_at(image.whole, "seed")).close().close();
  return body;
}

std::string stability_body(const ImageAsk& image) {
  std::string body;
  JsonWriter json(body);
  json.open().text("prompt", image.prompt);
  json.text_if_any("aspect_ratio", aspect_of(image.size));
  json.integer_if_any("seed", integer_at(image.whole, "seed"));
  json.text_if_any("output_format", text_at(image.whole, "output_format")).close();
  return body;
}

/// Stable Diffusion XL, the older of Stability's protocols.
std::string diffusion_body(const ImageAsk& image) {
  std::string body;
  JsonWriter json(body);
  json.open().open_list("text_prompts").open().text("text", image.prompt).close().close_list();
  if (image.size) json.integer("width", image.size->width).integer("height", image.size->height);
  json.integer_if_any("seed", integer_at(image.whole, "seed")).close();
  return body;
}

bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

Result<std::vector<EncodedRequest>> GoogleImages::encode(const EndpointAsk& ask) const {
  const Result<ImageAsk> image = read_image(ask);
  if (!image) return fail(image.error());
  std::string path = ask.host == Host::vertex ? "/publishers/google/models/" : "/models/";
  path += percent_encoded(ask.model, "@");
  if (is_imagen(ask)) return one_request(path + ":predict", imagen_body(*image));
  if (image->n != 1) return wrong_param("n", "'n' must be 1: this model makes one picture a call.");
  return one_request(path + ":generateContent", gemini_body(*image));
}

Result<EndpointReply> GoogleImages::decode(const EndpointAsk& ask,
                                           std::span<const std::string> answers) const {
  const Result<std::vector<json::Value>> parsed = parse_answers(ask, answers);
  if (!parsed) return fail(parsed.error());
  std::vector<std::string_view> pictures;
  for (const json::Value& one : array_at(parsed->front(), "predictions")) {
    const std::string_view bytes = text_at(one, "bytesBase64Encoded");
    if (!bytes.empty()) pictures.push_back(bytes);
  }
  collect_inline(parsed->front(), pictures);
  return write_images(ask, pictures);
}

Result<std::vector<EncodedRequest>> BedrockImages::encode(const EndpointAsk& ask) const {
  const Result<ImageAsk> image = read_image(ask);
  if (!image) return fail(image.error());
  const std::string path = "/model/" + percent_encoded(ask.model) + "/invoke";
  const bool is_stability = holds(ask.model, "stability.");
  if (!is_stability && !holds(ask.model, "titan-image") && !holds(ask.model, "nova-canvas")) {
    return wrong_param("model", "Images of '" + std::string(ask.model) +
                                    "' are not supported by bedrock: use a model of "
                                    "amazon.titan-image, amazon.nova-canvas or stability.");
  }
  if (!is_stability) return one_request(path, titan_body(*image));
  if (image->n != 1) return wrong_param("n", "'n' must be 1: this model makes one picture a call.");
  const bool is_old = holds(ask.model, "stable-diffusion-xl");
  return one_request(path, is_old ? diffusion_body(*image) : stability_body(*image));
}

Result<EndpointReply> BedrockImages::decode(const EndpointAsk& ask,
                                            std::span<const std::string> answers) const {
  const Result<std::vector<json::Value>> parsed = parse_answers(ask, answers);
  if (!parsed) return fail(parsed.error());
  std::vector<std::string_view> pictures;
  for (const json::Value& one : array_at(parsed->front(), "images")) {
    if (one.is_string()) pictures.emplace_back(one.get_string());
  }
  for (const json::Value& one : array_at(parsed->front(), "artifacts")) {
    const std::string_view bytes = text_at(one, "base64");
    if (!bytes.empty()) pictures.push_back(bytes);
  }
  return write_images(ask, pictures);
}

}  // namespace gatehouse::dialects::endpoints
