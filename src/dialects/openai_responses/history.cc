#include "dialects/openai_responses/history.h"

#include "dialects/json_reader.h"
#include "dialects/json_writer.h"

namespace gatehouse::dialects::openai_responses {
namespace {

json::Array items_of(const json::Value& body) {
  const json::Value* input = json::find(body, "input");
  if (input == nullptr) return {};
  if (const json::Array* items = input->if_array()) return *items;
  const json::String* text = input->if_string();
  if (text == nullptr) return {};
  const json::Object part{{"type", "input_text"}, {"text", *text}};
  return {json::Object{{"type", "message"}, {"role", "user"}, {"content", json::Array{part}}}};
}

void append_list(json::Array& items, std::string_view list) {
  Result<json::Value> parsed = json::parse(list);
  json::Array* more = parsed ? parsed->if_array() : nullptr;
  if (more == nullptr) return;
  for (json::Value& item : *more) items.push_back(std::move(item));
}

}  // namespace

Result<std::string> input_items(std::string_view body) {
  const Result<json::Value> parsed = parse_request(body);
  if (!parsed) return fail(parsed.error());
  return to_text(items_of(*parsed));
}

Result<std::string> output_items(std::string_view response) {
  const Result<json::Value> parsed = json::parse(response);
  const json::Value* output = parsed ? json::find(*parsed, "output") : nullptr;
  if (output == nullptr || !output->is_array()) {
    return fail(
        upstream_error(ErrorCode::upstream_malformed, "The response has no list of output items."));
  }
  return to_text(*output);
}

Result<std::string> with_history(std::string_view body, std::string_view earlier_input,
                                 std::string_view earlier_output) {
  Result<json::Value> parsed = parse_request(body);
  if (!parsed) return fail(parsed.error());
  json::Array items;
  append_list(items, earlier_input);
  append_list(items, earlier_output);
  for (json::Value& item : items_of(*parsed)) items.push_back(std::move(item));
  (*parsed->if_object())["input"] = std::move(items);
  return to_text(*parsed);
}

}  // namespace gatehouse::dialects::openai_responses
