// ConverseStream's events to deltas. The event's type is a header of its frame, not in its JSON; an
// exception is a frame of another kind and ends the stream; the usage comes after the stop reason.
#include <algorithm>

#include "dialects/bedrock_converse/bedrock_converse.h"
#include "dialects/bedrock_converse/read_answer.h"
#include "dialects/fault.h"
#include "dialects/json_reader.h"
#include "dialects/reshape.h"
#include "dialects/utf8.h"

namespace gatehouse::dialects {
namespace bedrock_converse {
namespace {

struct OpenCall {
  std::int64_t block = 0;
  std::int64_t index = 0;
  bool has_arguments = false;
};

class EventDecoder final : public StreamDecoder {
 public:
  explicit EventDecoder(const AnswerContext& context)
      : provider_(context.provider), model_(context.model), id_(context.id) {}

  Result<void> feed(const http::Frame& frame, std::vector<llm::Delta>& out) override {
    if (frame.kind == http::FrameKind::exception) {
      return fail(aws_exception(provider_, frame.name, frame.data));
    }
    if (frame.kind == http::FrameKind::comment) return {};
    const Result<json::Value> event = parse_answer(provider_, frame.data);
    if (!event) return fail(event.error());
    take(frame.name, *event, out);
    return {};
  }

  Result<void> finish(std::vector<llm::Delta>&) override {
    if (has_finished_) return {};
    return fail(cut_answer(provider_));
  }

 private:
  void take(std::string_view type, const json::Value& event, std::vector<llm::Delta>& out) {
    if (type == "contentBlockDelta") {
      take_delta(event, out);
    } else if (type == "contentBlockStart") {
      start_block(event, out);
    } else if (type == "contentBlockStop") {
      stop_block(event, out);
    } else if (type == "messageStart") {
      out.emplace_back(llm::Started{id_, model_, 0, {}, {}});
    } else if (type == "messageStop") {
      has_finished_ = true;
      out.emplace_back(llm::Finished{0, read_finish(text_at(event, "stopReason")), {}});
    } else if (type == "metadata") {
      const json::Value* usage = json::find(event, "usage");
      if (usage != nullptr) out.emplace_back(llm::UsageReported{read_usage(*usage)});
    }
  }

  static std::int64_t block_of(const json::Value& event) {
    return integer_at(event, "contentBlockIndex").value_or(0);
  }

  OpenCall* call_of(std::int64_t block) {
    const auto found = std::ranges::find(calls_, block, &OpenCall::block);
    return found == calls_.end() ? nullptr : &*found;
  }

  void start_block(const json::Value& event, std::vector<llm::Delta>& out) {
    const json::Value* call = value_at(event, {"start", "toolUse"});
    if (call == nullptr) return;
    const auto index = static_cast<std::int64_t>(calls_.size());
    calls_.push_back({block_of(event), index, false});
    out.emplace_back(llm::ToolCallStarted{0,
                                          index,
                                          std::string(text_at(*call, "toolUseId")),
                                          std::string(text_at(*call, "name")),
                                          {},
                                          llm::ToolKind::function});
  }

  void take_delta(const json::Value& event, std::vector<llm::Delta>& out) {
    const json::Value* delta = json::find(event, "delta");
    if (delta == nullptr) return;
    const std::int64_t block = block_of(event);
    if (const std::string_view text = text_at(*delta, "text"); !text.empty()) {
      characters_ += count_characters(text);
      out.emplace_back(llm::TextDelta{0, block, std::string(text), {}});
    }
    if (const json::Value* call = json::find(*delta, "toolUse")) {
      take_input(block, text_at(*call, "input"), out);
    }
    if (const json::Value* thought = json::find(*delta, "reasoningContent")) {
      out.emplace_back(llm::ReasoningDelta{0, block, std::string(text_at(*thought, "text")),
                                           std::string(text_at(*thought, "signature")),
                                           std::string(text_at(*thought, "redactedContent"))});
    }
    if (const json::Value* citation = json::find(*delta, "citation")) {
      out.emplace_back(
          llm::CitationDelta{0, block, read_citation(*citation, characters_, characters_)});
    }
  }

  void take_input(std::int64_t block, std::string_view fragment, std::vector<llm::Delta>& out) {
    OpenCall* call = call_of(block);
    if (call == nullptr || fragment.empty()) return;
    call->has_arguments = true;
    out.emplace_back(llm::ToolCallArguments{0, call->index, std::string(fragment)});
  }

  void stop_block(const json::Value& event, std::vector<llm::Delta>& out) {
    OpenCall* call = call_of(block_of(event));
    if (call == nullptr || call->has_arguments) return;
    call->has_arguments = true;
    out.emplace_back(llm::ToolCallArguments{0, call->index, "{}"});
  }

  std::string provider_;
  std::string model_;
  std::string id_;
  std::vector<OpenCall> calls_;
  std::size_t characters_ = 0;  // of text, sent so far
  bool has_finished_ = false;
};

}  // namespace
}  // namespace bedrock_converse

std::unique_ptr<StreamDecoder> BedrockConverseBackDoor::new_stream_decoder(
    const AnswerContext& context) const {
  return reshaped(std::make_unique<bedrock_converse::EventDecoder>(context), context.hints);
}

}  // namespace gatehouse::dialects
