#include "dialects/openai_responses/response_object.h"

#include <algorithm>

#include "dialects/fault.h"
#include "dialects/openai_responses/thoughts.h"

namespace gatehouse::dialects::openai_responses {
namespace {

using Kind = OutputItem::Kind;

void write_tool(JsonWriter& json, const llm::Tool& tool) {
  if (tool.kind == llm::Tool::Kind::provider) {
    json.raw(tool.raw);
    return;
  }
  const bool is_custom = tool.kind == llm::Tool::Kind::custom;
  json.open().text("type", is_custom ? "custom" : "function").text("name", tool.name);
  json.text_if_any("description", tool.description);
  if (is_custom) {
    json.raw_if_any("format", tool.raw);
  } else {
    json.raw("parameters", tool.schema.empty() ? "{}" : tool.schema);
    tool.strict ? json.flag("strict", *tool.strict) : json.null("strict");
  }
  json.close();
}

void write_tool_choice(JsonWriter& json, const std::optional<llm::ToolChoice>& choice) {
  constexpr std::string_view kModes[] = {"auto", "none", "required"};
  if (choice && choice->mode == llm::ToolChoice::Mode::named) {
    json.open("tool_choice").text("type", "function").text("name", choice->name).close();
  } else {
    json.text("tool_choice", choice ? kModes[static_cast<std::size_t>(choice->mode)] : "auto");
  }
}

void write_format(JsonWriter& json, const llm::Call& call) {
  using Format = llm::ResponseFormat::Kind;
  json.open("text").open("format");
  if (call.format.kind == Format::json_object) {
    json.text("type", "json_object");
  } else if (call.format.kind == Format::text) {
    json.text("type", "text");
  } else {
    json.text("type", "json_schema").text("name", call.format.name);
    json.raw("schema", call.format.schema.empty() ? "{}" : call.format.schema);
    json.flag_if_any("strict", call.format.strict);
  }
  json.close().text_if_any("verbosity", call.verbosity).close();
}

void write_text_or_null(JsonWriter& json, std::string_view key, std::string_view value) {
  value.empty() ? json.null(key) : json.text(key, value);
}

void write_number_or_null(JsonWriter& json, std::string_view key, std::optional<double> value) {
  value ? json.number(key, *value) : json.null(key);
}

void write_echo(JsonWriter& json, const llm::Call& call) {
  write_text_or_null(json, "instructions", call.instructions);
  call.max_tokens ? json.integer("max_output_tokens", *call.max_tokens)
                  : json.null("max_output_tokens");
  json.flag("parallel_tool_calls", call.parallel_tool_calls.value_or(true));
  write_text_or_null(json, "previous_response_id", call.previous_response_id);
  json.open("reasoning");
  write_text_or_null(json, "effort", call.reasoning.effort);
  write_text_or_null(json, "summary", call.reasoning.summary);
  json.close().flag("store", call.store.value_or(true));
  write_number_or_null(json, "temperature", call.sampling.temperature);
  write_format(json, call);
  write_tool_choice(json, call.tool_choice);
  json.open_list("tools");
  for (const llm::Tool& tool : call.tools) write_tool(json, tool);
  if (call.web_search) json.open().text("type", "web_search").close();
  json.close_list();
  write_number_or_null(json, "top_p", call.sampling.top_p);
  json.text("truncation", "disabled");
  write_text_or_null(json, "user", call.user);
  json.raw("metadata", call.metadata.empty() ? "{}" : call.metadata);
}

void write_usage(JsonWriter& json, const std::optional<llm::Usage>& usage) {
  if (!usage) {
    json.null("usage");
    return;
  }
  json.open("usage").integer("input_tokens", usage->prompt_tokens).open("input_tokens_details");
  json.integer("cached_tokens", usage->cached_tokens.value_or(0));
  json.integer_if_any("cache_write_tokens", usage->cache_creation_tokens).close();
  json.integer("output_tokens", usage->completion_tokens).open("output_tokens_details");
  json.integer("reasoning_tokens", usage->reasoning_tokens.value_or(0)).close();
  json.integer("total_tokens", usage->total_tokens).close();
}

void write_error(JsonWriter& json, const ResponseWriter::State& state) {
  if (state.error == nullptr) {
    json.null("error");
    return;
  }
  json.open("error").text("code", error_code(*state.error, state.words));
  json.text("message", state.error->message).close();
}

void write_token(JsonWriter& json, std::string_view token, double logprob) {
  json.text("token", token).number("logprob", logprob).open_list("bytes");
  for (const char byte : token) json.integer(static_cast<unsigned char>(byte));
  json.close_list();
}

std::string_view status_of(const OutputItem& item) {
  return item.is_done ? "completed" : "in_progress";
}

}  // namespace

std::string item_id(Kind kind, llm::ToolKind tool_kind, std::string_view answer_id,
                    std::size_t index) {
  std::string_view prefix = "msg_";
  if (kind == Kind::reasoning) prefix = "rs_";
  if (kind == Kind::call) prefix = tool_kind == llm::ToolKind::custom ? "ctc_" : "fc_";
  if (kind == Kind::image) prefix = "ig_";
  return std::string(prefix) + std::string(answer_id) + "_" + std::to_string(index);
}

ResponseWriter::ResponseWriter(const AnswerOptions& options)
    : id_("resp_" + std::string(options.id)),
      model_(options.call->model),
      provider_(options.provider),
      created_(options.created) {
  seals_thoughts_ = std::ranges::find(options.call->include, "reasoning.encrypted_content") !=
                    options.call->include.end();
  JsonWriter json(echo_);
  write_echo(json, *options.call);
}

void ResponseWriter::set_answer(std::string_view id, std::string_view model, std::int64_t created) {
  if (id.starts_with("resp_")) id_ = id;  // another protocol's id need not be unique among ours
  if (!model.empty()) model_ = model;
  if (created != 0) created_ = created;
}

void ResponseWriter::write(JsonWriter& json, const State& state) const {
  json.open().text("id", id_).text("object", "response").integer("created_at", created_);
  state.status == "completed" ? json.integer("completed_at", created_) : json.null("completed_at");
  json.text("status", state.status).flag("background", false);
  write_error(json, state);
  if (state.incomplete_reason.empty()) {
    json.null("incomplete_details");
  } else {
    json.open("incomplete_details").text("reason", state.incomplete_reason).close();
  }
  json.text("model", model_).text("provider", provider_).open_list("output");
  if (state.items != nullptr) {
    for (const OutputItem& item : *state.items) write_item(json, item);
  }
  json.close_list();
  write_usage(json, state.usage);
  json.members(echo_).close();
}

void ResponseWriter::write_item(JsonWriter& json, const OutputItem& item) const {
  json.open();
  switch (item.kind) {
    case Kind::reasoning: {
      json.text("type", "reasoning").text("id", item.id).open_list("summary");
      if (!item.text.empty() && item.is_done) {
        json.open().text("type", "summary_text").text("text", item.text).close();
      }
      json.close_list();
      if (seals_thoughts_) json.text_if_any("encrypted_content", seal_for_client(item.seal));
      break;
    }
    case Kind::message:
    case Kind::refusal:
      json.text("type", "message").text("id", item.id).text("status", status_of(item));
      json.text("role", "assistant").open_list("content");
      if (item.is_done) write_part(json, item);
      json.close_list();
      break;
    case Kind::call: {
      const bool is_custom = item.tool_kind == llm::ToolKind::custom;
      json.text("type", is_custom ? "custom_tool_call" : "function_call").text("id", item.id);
      json.text("call_id", item.call_id).text("name", item.name);
      json.text(is_custom ? "input" : "arguments", item.is_done ? std::string_view(item.text) : "");
      if (!is_custom) json.text("status", status_of(item));
      break;
    }
    case Kind::image:
      json.text("type", "image_generation_call")
          .text("id", item.id)
          .text("status", status_of(item));
      json.text("result", item.text);
      break;
  }
  json.close();
}

std::string error_code(const Error& error, const ErrorWords& words) {
  const Fault fault = fault_of(error);
  if (!fault.code.empty()) return fault.code;
  if (!fault.type.empty()) return fault.type;
  return std::string(words.code.empty() ? words.type : words.code);
}

ResponseWriter::State state_of(const llm::Finish& finish) {
  ResponseWriter::State state;
  state.status = "completed";
  if (finish.reason == llm::FinishReason::length) state.incomplete_reason = "max_output_tokens";
  if (finish.reason == llm::FinishReason::content_filter)
    state.incomplete_reason = "content_filter";
  if (!state.incomplete_reason.empty()) state.status = "incomplete";
  return state;
}

void write_part(JsonWriter& json, const OutputItem& item) {
  if (item.kind == Kind::refusal) {
    json.open().text("type", "refusal").text("refusal", item.text).close();
    return;
  }
  json.open().text("type", "output_text").text("text", item.text).open_list("annotations");
  for (const llm::Citation& citation : item.citations) write_citation(json, citation);
  json.close_list();
  write_logprobs(json, item.logprobs);
  json.close();
}

void write_citation(JsonWriter& json, const llm::Citation& citation) {
  json.open().text("type", "url_citation").text("url", citation.url).text("title", citation.title);
  json.integer("start_index", citation.start.value_or(0))
      .integer("end_index", citation.end.value_or(0));
  json.close();
}

void write_logprobs(JsonWriter& json, const std::vector<llm::TokenLogprob>& tokens) {
  json.open_list("logprobs");
  for (const llm::TokenLogprob& token : tokens) {
    json.open();
    write_token(json, token.token, token.logprob);
    json.open_list("top_logprobs");
    for (const auto& [text, logprob] : token.top) {
      json.open();
      write_token(json, text, logprob);
      json.close();
    }
    json.close_list().close();
  }
  json.close_list();
}

}  // namespace gatehouse::dialects::openai_responses
