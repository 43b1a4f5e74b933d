// Events of a Responses stream to deltas. Items are told apart by their output_index.
#include <algorithm>

#include "dialects/fault.h"
#include "dialects/json_reader.h"
#include "dialects/openai_responses/openai_responses.h"
#include "dialects/openai_responses/read_answer.h"
#include "dialects/openai_responses/thoughts.h"

namespace gatehouse::dialects {
namespace openai_responses {
namespace {

struct OpenCall {
  std::int64_t item = 0;  // output_index
  std::int64_t index = 0;
  bool has_arguments = false;
};

class EventDecoder final : public StreamDecoder {
 public:
  explicit EventDecoder(const AnswerContext& context)
      : provider_(context.provider), model_(context.model), id_(context.id) {}

  Result<void> feed(const http::Frame& frame, std::vector<llm::Delta>& out) override {
    if (frame.kind == http::FrameKind::comment) {
      out.emplace_back(llm::KeepAlive{});
      return {};
    }
    if (frame.data == "[DONE]") return {};
    const Result<json::Value> event = parse_answer(provider_, frame.data);
    if (!event) return fail(event.error());
    return take(*event, frame.data, out);
  }

  Result<void> finish(std::vector<llm::Delta>&) override {
    if (has_finished_) return {};
    return fail(cut_answer(provider_));
  }

 private:
  Result<void> take(const json::Value& event, std::string_view text, std::vector<llm::Delta>& out) {
    constexpr std::string_view kPrefix = "response.";
    std::string_view type = text_at(event, "type");
    if (type.starts_with(kPrefix)) type.remove_prefix(kPrefix.size());
    if (type == "output_text.delta") {
      send_text(event, out);
    } else if (type == "function_call_arguments.delta" || type == "custom_tool_call_input.delta") {
      send_arguments(event, out);
    } else if (type == "reasoning_summary_text.delta" || type == "reasoning_text.delta") {
      send_thought(event, text_at(event, "delta"), out);
    } else if (type == "reasoning_summary_part.added") {
      if (integer_at(event, "summary_index").value_or(0) > 0) send_thought(event, "\n\n", out);
    } else if (type == "refusal.delta") {
      out.emplace_back(llm::RefusalDelta{0, std::string(text_at(event, "delta"))});
    } else if (type == "output_item.added") {
      start_item(event, out);
    } else if (type == "output_item.done") {
      end_item(event, out);
    } else if (type == "output_text.annotation.added") {
      send_citation(event, out);
    } else {
      return take_state(type, event, text, out);
    }
    return {};
  }

  Result<void> take_state(std::string_view type, const json::Value& event, std::string_view text,
                          std::vector<llm::Delta>& out) {
    if (type == "error") return fail(error_in_answer(500, provider_, text));
    const json::Value* response = json::find(event, "response");
    if (response == nullptr) return {};
    if (type == "created") {
      start(*response, out);
    } else if (type == "completed" || type == "incomplete") {
      has_finished_ = true;
      if (const auto usage = read_usage(*response)) out.emplace_back(llm::UsageReported{*usage});
      out.emplace_back(llm::Finished{0, read_finish(*response, !calls_.empty()), {}});
    } else if (type == "failed") {
      auto error = read_failure(*response, provider_, to_error_text(*response));
      return fail(error ? std::move(*error) : cut_answer(provider_));
    }
    return {};
  }

  static std::string to_error_text(const json::Value& response) {
    const json::Value* error = json::find(response, "error");
    return json::serialize(json::Object{{"error", error == nullptr ? json::Value() : *error}});
  }

  void start(const json::Value& response, std::vector<llm::Delta>& out) {
    const std::string_view id = text_at(response, "id");
    const std::string_view model = text_at(response, "model");
    out.emplace_back(llm::Started{std::string(id.empty() ? id_ : id),
                                  std::string(model.empty() ? model_ : model),
                                  integer_at(response, "created_at").value_or(0),
                                  {},
                                  {}});
  }

  static std::int64_t item_of(const json::Value& event) {
    return integer_at(event, "output_index").value_or(0);
  }

  OpenCall* call_of(const json::Value& event) {
    const auto found = std::ranges::find(calls_, item_of(event), &OpenCall::item);
    return found == calls_.end() ? nullptr : &*found;
  }

  static void send_text(const json::Value& event, std::vector<llm::Delta>& out) {
    out.emplace_back(llm::TextDelta{0, item_of(event), std::string(text_at(event, "delta")),
                                    read_logprobs(event)});
  }

  static void send_thought(const json::Value& event, std::string_view text,
                           std::vector<llm::Delta>& out) {
    out.emplace_back(llm::ReasoningDelta{0, item_of(event), std::string(text), {}, {}});
  }

  void send_arguments(const json::Value& event, std::vector<llm::Delta>& out) {
    OpenCall* call = call_of(event);
    const std::string_view fragment = text_at(event, "delta");
    if (call == nullptr || fragment.empty()) return;
    call->has_arguments = true;
    out.emplace_back(llm::ToolCallArguments{0, call->index, std::string(fragment)});
  }

  static void send_citation(const json::Value& event, std::vector<llm::Delta>& out) {
    const json::Value* annotation = json::find(event, "annotation");
    if (annotation == nullptr || text_at(*annotation, "type") != "url_citation") return;
    out.emplace_back(llm::CitationDelta{0, item_of(event), read_citation(*annotation)});
  }

  void start_item(const json::Value& event, std::vector<llm::Delta>& out) {
    const json::Value* item = json::find(event, "item");
    if (item == nullptr) return;
    const std::string_view type = text_at(*item, "type");
    const bool is_custom = type == "custom_tool_call";
    if (type != "function_call" && !is_custom) return;
    const auto index = static_cast<std::int64_t>(calls_.size());
    calls_.push_back({item_of(event), index, false});
    out.emplace_back(
        llm::ToolCallStarted{0,
                             index,
                             std::string(text_at(*item, "call_id")),
                             std::string(text_at(*item, "name")),
                             {},
                             is_custom ? llm::ToolKind::custom : llm::ToolKind::function});
  }

  void end_item(const json::Value& event, std::vector<llm::Delta>& out) {
    const json::Value* item = json::find(event, "item");
    if (item == nullptr) return;
    if (OpenCall* call = call_of(event)) return end_call(*call, *item, out);
    const std::string_view type = text_at(*item, "type");
    if (type == "reasoning") {
      std::string signature = signature_of_provider(text_at(*item, "encrypted_content"));
      if (!signature.empty()) {
        out.emplace_back(llm::ReasoningDelta{0, item_of(event), {}, std::move(signature), {}});
      }
    } else if (type != "message") {
      for (llm::Block& block : read_item(*item)) {
        out.emplace_back(llm::BlockDelta{0, item_of(event), std::move(block)});
      }
    }
  }

  /// A provider that sends a call whole says its arguments here for the first time.
  static void end_call(OpenCall& call, const json::Value& item, std::vector<llm::Delta>& out) {
    if (call.has_arguments) return;
    call.has_arguments = true;
    const bool is_custom = text_at(item, "type") == "custom_tool_call";
    std::string_view arguments = text_at(item, is_custom ? "input" : "arguments");
    if (arguments.empty() && !is_custom) arguments = "{}";
    out.emplace_back(llm::ToolCallArguments{0, call.index, std::string(arguments)});
  }

  std::string provider_;
  std::string model_;
  std::string id_;
  std::vector<OpenCall> calls_;
  bool has_finished_ = false;
};

}  // namespace
}  // namespace openai_responses

std::unique_ptr<StreamDecoder> OpenAiResponsesBackDoor::new_stream_decoder(
    const AnswerContext& context) const {
  return std::make_unique<openai_responses::EventDecoder>(context);
}

}  // namespace gatehouse::dialects
