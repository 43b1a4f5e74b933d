// Chunks of OpenAI-compatible providers to deltas. Read with them are the habits of single
// providers: tool calls without an index or all with index 0, whole calls in one delta, a name that
// comes after the id, usage in three places, a stream without [DONE], thoughts under two names.
#include <algorithm>
#include <optional>

#include "dialects/fault.h"
#include "dialects/json_reader.h"
#include "dialects/media.h"
#include "dialects/openai_chat/openai_chat.h"
#include "dialects/openai_chat/read_answer.h"
#include "dialects/openai_chat/think_tags.h"
#include "dialects/reshape.h"

namespace gatehouse::dialects {
namespace openai_chat {
namespace {

/// A tool call while it arrives.
struct OpenCall {
  std::int64_t given_index = 0;  // the provider's
  std::string id;
  std::string name;
  std::string signature;
  std::string early_arguments;  // that came before the name
  llm::ToolKind kind = llm::ToolKind::function;
  bool has_started = false;
  bool has_arguments = false;
};

struct OpenChoice {
  std::int64_t index = 0;
  std::vector<OpenCall> calls;
  ThinkTags tags;
  bool has_finished = false;
};

class ChunkDecoder final : public StreamDecoder {
 public:
  explicit ChunkDecoder(const AnswerContext& context)
      : provider_(context.provider), model_(context.model), id_(context.id) {}

  Result<void> feed(const http::Frame& frame, std::vector<llm::Delta>& out) override {
    if (frame.kind == http::FrameKind::comment) {
      out.emplace_back(llm::KeepAlive{});
      return {};
    }
    if (frame.data == "[DONE]") {
      is_done_ = true;
      return {};
    }
    if (frame.data.empty()) return {};
    const Result<json::Value> chunk = parse_answer(provider_, frame.data);
    if (!chunk) return fail(chunk.error());
    if (auto error = read_error(*chunk, provider_, frame.data)) return fail(std::move(*error));
    take(*chunk, out);
    return {};
  }

  Result<void> finish(std::vector<llm::Delta>& out) override {
    const bool has_ended =
        !choices_.empty() && std::ranges::all_of(choices_, &OpenChoice::has_finished);
    if (!is_done_ && !has_ended) {
      return fail(cut_answer(provider_));
    }
    for (OpenChoice& choice : choices_) close(choice, {}, out);  // where nobody said why
    return {};
  }

 private:
  void take(const json::Value& chunk, std::vector<llm::Delta>& out) {
    const json::Array& choices = array_at(chunk, "choices");
    if (!has_started_ && !choices.empty()) start(chunk, out);
    for (const json::Value& item : choices) take_choice(item, out);
    if (const auto usage = read_usage(chunk)) out.emplace_back(llm::UsageReported{*usage});
  }

  void start(const json::Value& chunk, std::vector<llm::Delta>& out) {
    has_started_ = true;
    const std::string_view id = text_at(chunk, "id");
    const std::string_view model = text_at(chunk, "model");
    out.emplace_back(llm::Started{
        std::string(id.empty() ? id_ : id), std::string(model.empty() ? model_ : model),
        integer_at(chunk, "created").value_or(0), std::string(text_at(chunk, "service_tier")),
        std::string(text_at(chunk, "system_fingerprint"))});
  }

  OpenChoice& choice_of(std::int64_t index) {
    const auto found = std::ranges::find(choices_, index, &OpenChoice::index);
    if (found != choices_.end()) return *found;
    choices_.emplace_back().index = index;
    return choices_.back();
  }

  void take_choice(const json::Value& item, std::vector<llm::Delta>& out) {
    OpenChoice& choice = choice_of(integer_at(item, "index").value_or(0));
    if (const json::Value* delta = json::find(item, "delta")) take_delta(choice, item, *delta, out);
    const std::string_view reason = text_at(item, "finish_reason");
    if (!reason.empty()) close(choice, reason, out);
  }

  void take_delta(OpenChoice& choice, const json::Value& item, const json::Value& delta,
                  std::vector<llm::Delta>& out) {
    Content content = read_content(delta);
    ThinkTags::Split split = choice.tags.take(content.text);
    send_text(choice, {content.thoughts + split.thoughts, std::move(split.text)},
              read_logprobs(item), out);
    if (const std::string_view refusal = text_at(delta, "refusal"); !refusal.empty()) {
      out.emplace_back(llm::RefusalDelta{choice.index, std::string(refusal)});
    }
    for (llm::Citation& citation : read_annotations(delta)) {
      out.emplace_back(llm::CitationDelta{choice.index, 0, std::move(citation)});
    }
    for (const json::Value& image : array_at(delta, "images")) {
      const json::Value* url = value_at(image, {"image_url", "url"});
      if (url == nullptr || !url->is_string()) continue;
      llm::Block block{llm::Image{media_of_url(*url->if_string()), {}}, {}};
      out.emplace_back(llm::BlockDelta{choice.index, 0, std::move(block)});
    }
    for (const json::Value& call : array_at(delta, "tool_calls")) take_call(choice, call, out);
    if (const json::Value* legacy = json::find(delta, "function_call")) {
      take_legacy_call(choice, *legacy, out);
    }
  }

  static void send_text(const OpenChoice& choice, ThinkTags::Split split,
                        std::vector<llm::TokenLogprob> logprobs, std::vector<llm::Delta>& out) {
    if (!split.thoughts.empty()) {
      out.emplace_back(llm::ReasoningDelta{choice.index, 0, std::move(split.thoughts), {}, {}});
    }
    if (!split.text.empty() || !logprobs.empty()) {
      out.emplace_back(llm::TextDelta{choice.index, 0, std::move(split.text), std::move(logprobs)});
    }
  }

  /// The call that a piece belongs to. A new id under an index that is taken is another call.
  static std::size_t call_of(OpenChoice& choice, const json::Value& piece) {
    const std::string_view id = text_at(piece, "id");
    const std::optional<std::int64_t> given = integer_at(piece, "index");
    std::vector<OpenCall>& calls = choice.calls;
    for (std::size_t i = calls.size(); i-- > 0;) {
      const bool fits_id = id.empty() || calls[i].id.empty() || calls[i].id == id;
      if (fits_id && (!given || calls[i].given_index == *given)) return i;
    }
    calls.emplace_back().given_index = given.value_or(static_cast<std::int64_t>(calls.size()) - 1);
    return calls.size() - 1;
  }

  void take_call(OpenChoice& choice, const json::Value& piece, std::vector<llm::Delta>& out) {
    const std::size_t index = call_of(choice, piece);
    OpenCall& call = choice.calls[index];
    if (call.id.empty()) call.id = text_at(piece, "id");
    const bool is_custom = json::find(piece, "custom") != nullptr;
    if (is_custom) call.kind = llm::ToolKind::custom;
    const json::Value* function = json::find(piece, is_custom ? "custom" : "function");
    if (function == nullptr) return;
    const std::string fragment =
        is_custom ? std::string(text_at(*function, "input")) : read_arguments(*function);
    advance(choice, index, *function, fragment, out);
  }

  void take_legacy_call(OpenChoice& choice, const json::Value& function,
                        std::vector<llm::Delta>& out) {
    if (!function.is_object()) return;
    if (choice.calls.empty())
      choice.calls.emplace_back().id = "call_" + std::string(text_at(function, "name"));
    advance(choice, 0, function, read_arguments(function), out);
  }

  /// Starts the call once its name is known, then sends on its arguments.
  void advance(OpenChoice& choice, std::size_t index, const json::Value& function,
               const std::string& fragment, std::vector<llm::Delta>& out) {
    OpenCall& call = choice.calls[index];
    if (!call.has_started) {
      call.name += text_at(function, "name");
      call.signature += text_at(function, "thought_signature");
      call.early_arguments += fragment;
      if (!call.name.empty()) start_call(choice, index, out);
    } else if (!fragment.empty()) {
      call.has_arguments = true;
      out.emplace_back(
          llm::ToolCallArguments{choice.index, static_cast<std::int64_t>(index), fragment});
    }
  }

  void start_call(OpenChoice& choice, std::size_t index, std::vector<llm::Delta>& out) {
    OpenCall& call = choice.calls[index];
    const auto number = static_cast<std::int64_t>(index);
    if (call.id.empty()) call.id = "call_" + id_ + "_" + std::to_string(number);
    call.has_started = true;
    out.emplace_back(
        llm::ToolCallStarted{choice.index, number, call.id, call.name, call.signature, call.kind});
    if (call.early_arguments.empty()) return;
    call.has_arguments = true;
    out.emplace_back(llm::ToolCallArguments{choice.index, number, std::move(call.early_arguments)});
  }

  void close(OpenChoice& choice, std::string_view reason, std::vector<llm::Delta>& out) {
    if (choice.has_finished) return;
    choice.has_finished = true;
    send_text(choice, choice.tags.finish(), {}, out);
    for (std::size_t i = 0; i < choice.calls.size(); ++i) {
      const OpenCall& call = choice.calls[i];
      if (!call.has_started) start_call(choice, i, out);
      if (!call.has_arguments && call.kind == llm::ToolKind::function) {
        out.emplace_back(llm::ToolCallArguments{choice.index, static_cast<std::int64_t>(i), "{}"});
      }
    }
    out.emplace_back(llm::Finished{choice.index, read_finish(reason, !choice.calls.empty()), {}});
  }

  std::string provider_;
  std::string model_;
  std::string id_;
  std::vector<OpenChoice> choices_;
  bool has_started_ = false;
  bool is_done_ = false;
};

}  // namespace
}  // namespace openai_chat

std::unique_ptr<StreamDecoder> OpenAiChatBackDoor::new_stream_decoder(
    const AnswerContext& context) const {
  return reshaped(std::make_unique<openai_chat::ChunkDecoder>(context), context.hints);
}

}  // namespace gatehouse::dialects
