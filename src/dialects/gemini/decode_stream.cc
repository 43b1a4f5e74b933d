// Gemini's events to deltas. Each event is an answer with some of the parts; a function call comes
// whole; usage is repeated in each and the last one counts. There is no closing event: the body
// just ends.
#include <algorithm>
#include <optional>

#include "dialects/fault.h"
#include "dialects/gemini/gemini.h"
#include "dialects/gemini/read_answer.h"
#include "dialects/json_reader.h"
#include "dialects/reshape.h"

namespace gatehouse::dialects {
namespace gemini {
namespace {

struct OpenChoice {
  std::int64_t index = 0;
  std::int64_t calls = 0;
  std::string text;  // so far: grounding points into it
  bool has_finished = false;
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
    const Result<json::Value> event = parse_answer(provider_, frame.data);
    if (!event) return fail(event.error());
    if (auto error = read_error(*event, provider_, frame.data)) return fail(std::move(*error));
    start(*event, out);
    for (const json::Value& candidate : array_at(*event, "candidates")) take(candidate, out);
    take_block(*event, out);
    if (const auto usage = read_usage(*event)) out.emplace_back(llm::UsageReported{*usage});
    return {};
  }

  Result<void> finish(std::vector<llm::Delta>& out) override {
    if (choices_.empty()) return fail(cut_answer(provider_));
    for (OpenChoice& choice : choices_) close(choice, read_finish({}, choice.calls > 0), {}, out);
    return {};
  }

 private:
  void start(const json::Value& event, std::vector<llm::Delta>& out) {
    if (has_started_) return;
    has_started_ = true;
    const std::string_view id = text_at(event, "responseId");
    const std::string_view model = text_at(event, "modelVersion");
    out.emplace_back(llm::Started{std::string(id.empty() ? id_ : id),
                                  std::string(model.empty() ? model_ : model),
                                  0,
                                  {},
                                  {}});
  }

  OpenChoice& choice_of(std::int64_t index) {
    const auto found = std::ranges::find(choices_, index, &OpenChoice::index);
    if (found != choices_.end()) return *found;
    return choices_.emplace_back(OpenChoice{index, 0, {}, false});
  }

  void take(const json::Value& candidate, std::vector<llm::Delta>& out) {
    OpenChoice& choice = choice_of(integer_at(candidate, "index").value_or(0));
    std::vector<llm::TokenLogprob> logprobs = read_logprobs(candidate);
    if (const json::Value* content = json::find(candidate, "content")) {
      for (const json::Value& part : array_at(*content, "parts"))
        take_part(choice, part, logprobs, out);
    }
    for (llm::Citation& citation : read_grounding(candidate, choice.text)) {
      out.emplace_back(llm::CitationDelta{choice.index, 0, std::move(citation)});
    }
    const std::string_view reason = text_at(candidate, "finishReason");
    if (reason.empty()) return;
    close(choice, read_finish(reason, choice.calls > 0), read_extras(candidate), out);
  }

  void take_part(OpenChoice& choice, const json::Value& part,
                 std::vector<llm::TokenLogprob>& logprobs, std::vector<llm::Delta>& out) {
    const std::string call_id = "call_" + id_ + "_" + std::to_string(choice.calls);
    std::optional<llm::Block> block = read_part(part, call_id);
    if (!block) return;
    if (auto* text = std::get_if<llm::Text>(&block->content)) {
      choice.text += text->text;
      out.emplace_back(llm::TextDelta{choice.index, 0, std::move(text->text), std::move(logprobs)});
      logprobs.clear();
    } else if (auto* reasoning = std::get_if<llm::Reasoning>(&block->content)) {
      out.emplace_back(llm::ReasoningDelta{choice.index, 0, std::move(reasoning->text), {}, {}});
    } else if (auto* call = std::get_if<llm::ToolCall>(&block->content)) {
      send_call(choice, std::move(*call), out);
    } else {
      out.emplace_back(llm::BlockDelta{choice.index, 0, std::move(*block)});
    }
  }

  static void send_call(OpenChoice& choice, llm::ToolCall call, std::vector<llm::Delta>& out) {
    const std::int64_t index = choice.calls++;
    out.emplace_back(llm::ToolCallStarted{choice.index, index, std::move(call.id),
                                          std::move(call.name), std::move(call.signature),
                                          call.kind});
    out.emplace_back(llm::ToolCallArguments{choice.index, index, std::move(call.arguments)});
  }

  void take_block(const json::Value& event, std::vector<llm::Delta>& out) {
    const std::string_view reason = block_reason(event);
    if (reason.empty() || !choices_.empty()) return;
    llm::Finish finish{llm::FinishReason::content_filter, std::string(reason), {}};
    close(choice_of(0), std::move(finish), {}, out);
  }

  static void close(OpenChoice& choice, llm::Finish finish, std::vector<llm::RawMember> extras,
                    std::vector<llm::Delta>& out) {
    if (choice.has_finished) return;
    choice.has_finished = true;
    out.emplace_back(llm::Finished{choice.index, std::move(finish), std::move(extras)});
  }

  std::string provider_;
  std::string model_;
  std::string id_;
  std::vector<OpenChoice> choices_;
  bool has_started_ = false;
};

}  // namespace
}  // namespace gemini

std::unique_ptr<StreamDecoder> GeminiBackDoor::new_stream_decoder(
    const AnswerContext& context) const {
  return reshaped(std::make_unique<gemini::EventDecoder>(context), context.hints);
}

}  // namespace gatehouse::dialects
