// Cohere's events to deltas. The event's name is not looked at: its JSON says its type too. What it
// calls `tool_calls` in a stream is one call, not a list.
#include <algorithm>

#include "dialects/cohere/cohere.h"
#include "dialects/cohere/read_answer.h"
#include "dialects/fault.h"
#include "dialects/json_reader.h"
#include "dialects/reshape.h"

namespace gatehouse::dialects {
namespace cohere {
namespace {

struct OpenCall {
  std::int64_t block = 0;  // Cohere's index
  std::int64_t index = 0;
  bool has_arguments = false;
};

std::string_view text_in(const json::Value& event, std::initializer_list<std::string_view> path) {
  const json::Value* value = value_at(event, path);
  const json::String* text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string_view() : std::string_view(*text);
}

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
    const std::string_view type = text_at(*event, "type");
    if (type.empty() && json::find(*event, "message") != nullptr) {  // {"message": "…"}: an error
      return fail(error_in_answer(500, provider_, frame.data));
    }
    take(type, *event, out);
    return {};
  }

  Result<void> finish(std::vector<llm::Delta>&) override {
    if (has_finished_) return {};
    return fail(cut_answer(provider_));
  }

 private:
  void take(std::string_view type, const json::Value& event, std::vector<llm::Delta>& out) {
    if (type == "content-delta" || type == "content-start") {
      take_content(event, out);
    } else if (type == "tool-call-delta") {
      take_arguments(event, out);
    } else if (type == "tool-call-start") {
      start_call(event, out);
    } else if (type == "tool-call-end") {
      end_call(event, out);
    } else if (type == "tool-plan-delta") {
      send_thought(event, text_in(event, {"delta", "message", "tool_plan"}), out);
    } else if (type == "citation-start") {
      take_citation(event, out);
    } else if (type == "message-start") {
      const std::string_view id = text_at(event, "id");
      out.emplace_back(llm::Started{std::string(id.empty() ? id_ : id), model_, 0, {}, {}});
    } else if (type == "message-end") {
      end_message(event, out);
    }
  }

  static std::int64_t block_of(const json::Value& event) {
    return integer_at(event, "index").value_or(0);
  }

  static void send_thought(const json::Value& event, std::string_view text,
                           std::vector<llm::Delta>& out) {
    if (text.empty()) return;
    out.emplace_back(llm::ReasoningDelta{0, block_of(event), std::string(text), {}, {}});
  }

  static void take_content(const json::Value& event, std::vector<llm::Delta>& out) {
    send_thought(event, text_in(event, {"delta", "message", "content", "thinking"}), out);
    const std::string_view text = text_in(event, {"delta", "message", "content", "text"});
    if (text.empty()) return;
    std::vector<llm::TokenLogprob> logprobs;
    if (const json::Value* given = json::find(event, "logprobs");
        given != nullptr && given->is_object()) {
      logprobs = read_logprobs(json::Object{{"logprobs", json::Array{*given}}});
    }
    out.emplace_back(llm::TextDelta{0, block_of(event), std::string(text), std::move(logprobs)});
  }

  static const json::Value* call_in(const json::Value& event) {
    const json::Value* call = value_at(event, {"delta", "message", "tool_calls"});
    const json::Array* list = call == nullptr ? nullptr : call->if_array();
    if (list == nullptr) return call;
    return list->empty() ? nullptr : &list->front();
  }

  OpenCall* open_call(const json::Value& event) {
    const auto found = std::ranges::find(calls_, block_of(event), &OpenCall::block);
    return found == calls_.end() ? nullptr : &*found;
  }

  void start_call(const json::Value& event, std::vector<llm::Delta>& out) {
    const json::Value* call = call_in(event);
    const json::Value* function = call == nullptr ? nullptr : json::find(*call, "function");
    if (function == nullptr) return;
    const auto index = static_cast<std::int64_t>(calls_.size());
    calls_.push_back({block_of(event), index, false});
    out.emplace_back(llm::ToolCallStarted{0,
                                          index,
                                          std::string(text_at(*call, "id")),
                                          std::string(text_at(*function, "name")),
                                          {},
                                          llm::ToolKind::function});
    send_arguments(calls_.back(), text_at(*function, "arguments"), out);
  }

  void take_arguments(const json::Value& event, std::vector<llm::Delta>& out) {
    const json::Value* call = call_in(event);
    const json::Value* function = call == nullptr ? nullptr : json::find(*call, "function");
    OpenCall* open = open_call(event);
    if (function != nullptr && open != nullptr)
      send_arguments(*open, text_at(*function, "arguments"), out);
  }

  static void send_arguments(OpenCall& call, std::string_view fragment,
                             std::vector<llm::Delta>& out) {
    if (fragment.empty()) return;
    call.has_arguments = true;
    out.emplace_back(llm::ToolCallArguments{0, call.index, std::string(fragment)});
  }

  void end_call(const json::Value& event, std::vector<llm::Delta>& out) {
    OpenCall* call = open_call(event);
    if (call != nullptr && !call->has_arguments) send_arguments(*call, "{}", out);
  }

  static void take_citation(const json::Value& event, std::vector<llm::Delta>& out) {
    const json::Value* citation = value_at(event, {"delta", "message", "citations"});
    if (citation == nullptr) return;
    for (llm::Citation& read : read_citation(*citation)) {
      out.emplace_back(llm::CitationDelta{0, block_of(event), std::move(read)});
    }
  }

  void end_message(const json::Value& event, std::vector<llm::Delta>& out) {
    has_finished_ = true;
    const json::Value* delta = json::find(event, "delta");
    if (delta != nullptr) {
      if (const auto usage = read_usage(*delta)) out.emplace_back(llm::UsageReported{*usage});
    }
    out.emplace_back(llm::Finished{0, read_finish(text_in(event, {"delta", "finish_reason"})), {}});
  }

  std::string provider_;
  std::string model_;
  std::string id_;
  std::vector<OpenCall> calls_;
  bool has_finished_ = false;
};

}  // namespace
}  // namespace cohere

std::unique_ptr<StreamDecoder> CohereBackDoor::new_stream_decoder(
    const AnswerContext& context) const {
  return reshaped(std::make_unique<cohere::EventDecoder>(context), context.hints);
}

}  // namespace gatehouse::dialects
