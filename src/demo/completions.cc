#include "demo/chat_reply.h"
#include "demo/checks.h"
#include "demo/endpoints.h"
#include "demo/event_stream.h"
#include "demo/fingerprint.h"
#include "demo/tokens.h"
#include "demo/written.h"

namespace gatehouse::demo {
namespace {

using json::Array;
using json::Object;
using json::Value;

constexpr std::int64_t kMostCompletions = 128;

struct CompletionRequest {
  std::vector<std::string> prompts;
  std::int64_t choices = 1;  // for each prompt
  std::optional<std::int64_t> max_tokens;
  std::vector<std::string> stop;
  bool echoes = false;
  bool is_streaming = false;
  bool includes_usage = false;
};

struct Completion {
  std::string text;
  std::string_view finish_reason;
};

Outcome<bool> read_usage_wish(const Value& body) {
  const Outcome<const Value*> options = read_object(body, "stream_options");
  if (!options) return std::unexpected(options.error());
  return *options == nullptr ? Outcome<bool>(false) : read_flag(**options, "include_usage");
}

Outcome<CompletionRequest> read_request(const Value& body) {
  Outcome<std::vector<std::string>> prompts = read_texts(body, "prompt");
  if (!prompts) return std::unexpected(prompts.error());
  const auto choices = read_integer(body, "n", {1, 16});
  if (!choices) return std::unexpected(choices.error());
  const auto limit = read_integer(body, "max_tokens", {0, 1'000'000});
  if (!limit) return std::unexpected(limit.error());
  const std::int64_t total = choices->value_or(1) * static_cast<std::int64_t>(prompts->size());
  if (total > kMostCompletions) {
    return refuse("prompt", "At most 128 completions are possible: 'n' times the prompts.");
  }
  Outcome<std::vector<std::string>> stop = read_stop(body);
  if (!stop) return std::unexpected(stop.error());
  const Outcome<bool> echoes = read_flag(body, "echo");
  if (!echoes) return std::unexpected(echoes.error());
  const Outcome<bool> stream = read_flag(body, "stream");
  if (!stream) return std::unexpected(stream.error());
  const Outcome<bool> usage = read_usage_wish(body);
  if (!usage) return std::unexpected(usage.error());
  return CompletionRequest{*std::move(prompts),
                           choices->value_or(1),
                           *limit,
                           *std::move(stop),
                           *echoes,
                           *stream,
                           *usage};
}

std::vector<Completion> complete(const CompletionRequest& request) {
  std::vector<Completion> completions;
  for (const std::string& prompt : request.prompts) {
    for (std::int64_t i = 0; i < request.choices; ++i) {
      std::string text = "[demo] A text that begins with: " + shortened(prompt);
      const std::string_view reason = cut_text(text, request.stop, request.max_tokens);
      completions.push_back({request.echoes ? shortened(prompt) + text : text, reason});
    }
  }
  return completions;
}

Object choice_of(std::size_t index, std::string_view text, Value finish_reason) {
  return {{"text", text},
          {"index", index},
          {"logprobs", nullptr},
          {"finish_reason", std::move(finish_reason)}};
}

std::vector<Chunk> write_stream(const std::vector<Completion>& completions, const Object& heading,
                                const Value& usage, const Pace& pace) {
  EventStream events(pace);
  const auto add = [&](Array choices, const Value& total) {
    Object chunk = heading;
    chunk["choices"] = std::move(choices);
    if (!usage.is_null()) chunk["usage"] = total;
    events.add(chunk);
  };
  for (std::size_t i = 0; i < completions.size(); ++i) {
    for (const std::string_view token : split_tokens(completions[i].text)) {
      add({choice_of(i, token, nullptr)}, nullptr);
    }
    add({choice_of(i, "", Value(completions[i].finish_reason))}, nullptr);
  }
  if (!usage.is_null()) add({}, usage);
  return events.finish();
}

Value usage_for(const CompletionRequest& request, const std::vector<Completion>& completions) {
  std::int64_t prompt_tokens = 0;
  std::int64_t completion_tokens = 0;
  for (const std::string& prompt : request.prompts) prompt_tokens += count_tokens(prompt);
  for (const Completion& completion : completions) {
    completion_tokens += count_tokens(completion.text);
  }
  return usage_of(prompt_tokens, completion_tokens);
}

}  // namespace

Outcome<Answer> answer_completion(const Request& request) {
  const Outcome<Value> body = read_body(request.body);
  if (!body) return std::unexpected(body.error());
  const Outcome<std::string> name = read_model(*body);
  if (!name) return std::unexpected(name.error());
  const Outcome<CompletionRequest> wanted = read_request(*body);
  if (!wanted) return std::unexpected(wanted.error());
  const Outcome<Model> model = find_model(*name, "demo-chat");
  if (!model) return std::unexpected(model.error());

  const std::vector<Completion> completions = complete(*wanted);
  const Value usage = usage_for(*wanted, completions);
  Object answer{{"id", id_of("cmpl-demo-", request.body)},
                {"object", "text_completion"},
                {"created", request.created},
                {"model", model->name},
                {"system_fingerprint", "demo"}};
  if (wanted->is_streaming) {
    const Value shown = wanted->includes_usage ? usage : Value(nullptr);
    return streamed(write_stream(completions, answer, shown, model->pace), *model);
  }
  Array choices;
  for (const Completion& completion : completions) {
    choices.push_back(choice_of(choices.size(), completion.text, Value(completion.finish_reason)));
  }
  answer["choices"] = std::move(choices);
  answer["usage"] = usage;
  return written(answer, *model);
}

}  // namespace gatehouse::demo
