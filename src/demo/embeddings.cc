// Vectors of hashed features: words, and the groups of three letters in them. Texts that share
// words or parts of words lie near each other, so that a search over demo vectors finds something
// sensible.
#include <bit>
#include <charconv>
#include <cmath>

#include "base/text.h"
#include "demo/checks.h"
#include "demo/endpoints.h"
#include "demo/fingerprint.h"
#include "demo/models.h"
#include "demo/tokens.h"
#include "demo/written.h"
#include "json/scan.h"

namespace gatehouse::demo {
namespace {

using json::Value;

constexpr std::int64_t kUsualDimensions = 256;
constexpr std::int64_t kMostDimensions = 4096;
constexpr std::size_t kMostInputs = 2048;
constexpr std::size_t kMostNumbers = 2'000'000;  // in one answer
constexpr float kWordWeight = 2;
constexpr float kGroupWeight = 1;

struct Input {
  std::string text;  // token numbers are taken as words
  std::int64_t tokens = 0;
};

std::unexpected<Refusal> wrong_input() {
  return refuse("input",
                "Invalid 'input': expected a string, an array of strings, an array of tokens or "
                "an array of arrays of tokens, none of them empty.");
}

bool is_token_list(const Value& value) {
  if (!value.is_array() || value.get_array().empty()) return false;
  for (const Value& one : value.get_array()) {
    if (!one.is_int64()) return false;
  }
  return true;
}

Input input_of_tokens(const Value& list) {
  Input input;
  for (const Value& one : list.get_array()) {
    input.text += std::to_string(one.get_int64()) + ' ';
    ++input.tokens;
  }
  return input;
}

Outcome<Input> read_input(const Value& value) {
  if (is_token_list(value)) return input_of_tokens(value);
  if (!value.is_string() || value.get_string().empty()) return wrong_input();
  std::string text(value.get_string());
  const std::int64_t tokens = count_tokens(text);
  return Input{std::move(text), tokens};
}

Outcome<std::vector<Input>> read_inputs(const Value& body) {
  const Value* value = json::find(body, "input");
  if (value == nullptr) return refuse("input", "Missing required parameter: 'input'.");
  const bool is_list = value->is_array() && !is_token_list(*value);
  std::vector<Input> inputs;
  if (!is_list) {
    Outcome<Input> only = read_input(*value);
    if (!only) return std::unexpected(only.error());
    inputs.push_back(*std::move(only));
    return inputs;
  }
  for (const Value& one : value->get_array()) {
    Outcome<Input> input = read_input(one);
    if (!input) return std::unexpected(input.error());
    inputs.push_back(*std::move(input));
  }
  if (inputs.empty() || inputs.size() > kMostInputs) return wrong_input();
  return inputs;
}

void add_feature(std::vector<float>& vector, std::string_view feature, float weight) {
  const std::uint64_t hash = hash_of(feature);
  const bool is_negative = (hash >> 63U) != 0;
  vector[hash % vector.size()] += is_negative ? -weight : weight;
}

void add_word(std::vector<float>& vector, std::string_view word) {
  add_feature(vector, word, kWordWeight);
  const std::string padded = '^' + std::string(word) + '$';
  for (std::size_t i = 0; i + 3 <= padded.size(); ++i) {
    add_feature(vector, std::string_view(padded).substr(i, 3), kGroupWeight);
  }
}

std::vector<float> embed(std::string_view text, std::size_t dimensions) {
  std::vector<float> vector(dimensions, 0.0F);
  const std::string lower = lowered(text);
  constexpr std::string_view kSeparators = " \t\r\n.,;:!?()[]{}\"'";
  for (std::size_t at = lower.find_first_not_of(kSeparators); at != std::string::npos;) {
    const std::size_t end = std::min(lower.find_first_of(kSeparators, at), lower.size());
    add_word(vector, std::string_view(lower).substr(at, end - at));
    at = lower.find_first_not_of(kSeparators, end);
  }
  double squares = 0;
  for (const float value : vector) squares += static_cast<double>(value) * value;
  if (squares == 0) {
    vector[0] = 1;
    return vector;
  }
  const auto length = static_cast<float>(std::sqrt(squares));
  for (float& value : vector) value /= length;
  return vector;
}

/// Float32, little endian.
std::string bytes_of(const std::vector<float>& vector) {
  std::string bytes;
  bytes.reserve(vector.size() * 4);
  for (const float value : vector) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    for (unsigned shift = 0; shift < 32; shift += 8) {
      bytes += static_cast<char>((bits >> shift) & 0xFFU);
    }
  }
  return bytes;
}

// Written by hand, since a JSON tree knows doubles only and would show digits that a float does not
// have.
std::string text_of(const std::vector<float>& vector) {
  std::string text = "[";
  for (const float value : vector) {
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    if (text.size() > 1) text += ',';
    text.append(digits, end);
  }
  return text + "]";
}

struct Wanted {
  std::vector<Input> inputs;
  std::size_t dimensions = 0;
  bool is_base64 = false;
};

Outcome<Wanted> read_wanted(const Value& body) {
  Outcome<std::vector<Input>> inputs = read_inputs(body);
  if (!inputs) return std::unexpected(inputs.error());
  const auto dimensions = read_integer(body, "dimensions", {1, kMostDimensions});
  if (!dimensions) return std::unexpected(dimensions.error());
  const std::string_view format = json::string_or(body, "encoding_format", "float");
  if (format != "float" && format != "base64") {
    return refuse("encoding_format", "Invalid 'encoding_format': expected 'float' or 'base64'.");
  }
  const auto size = static_cast<std::size_t>(dimensions->value_or(kUsualDimensions));
  if (inputs->size() * size > kMostNumbers) {
    return refuse("dimensions",
                  "At most 2000000 numbers are possible: 'dimensions' times the inputs.");
  }
  return Wanted{*std::move(inputs), size, format == "base64"};
}

std::string write_list(const Wanted& wanted, const Model& model) {
  std::string out = R"({"object":"list","data":[)";
  std::int64_t tokens = 0;
  for (std::size_t i = 0; i < wanted.inputs.size(); ++i) {
    const std::vector<float> vector = embed(wanted.inputs[i].text, wanted.dimensions);
    if (i > 0) out += ',';
    out += R"({"object":"embedding","index":)" + std::to_string(i) + R"(,"embedding":)";
    out += wanted.is_base64 ? json::quote(base64_of(bytes_of(vector))) : text_of(vector);
    out += '}';
    tokens += wanted.inputs[i].tokens;
  }
  out += R"(],"model":)" + json::quote(model.name);
  out += R"(,"usage":{"prompt_tokens":)" + std::to_string(tokens) + R"(,"total_tokens":)" +
         std::to_string(tokens) + "}}";
  return out;
}

}  // namespace

Outcome<Answer> answer_embeddings(const Request& request) {
  const Outcome<Value> body = read_body(request.body);
  if (!body) return std::unexpected(body.error());
  const Outcome<std::string> name = read_model(*body);
  if (!name) return std::unexpected(name.error());
  const Outcome<Wanted> wanted = read_wanted(*body);
  if (!wanted) return std::unexpected(wanted.error());
  const Outcome<Model> model = find_model(*name, "demo-embed");
  if (!model) return std::unexpected(model.error());
  return written_bytes("application/json", write_list(*wanted, *model), *model);
}

}  // namespace gatehouse::demo
