// Anthropic's events to deltas. The event's name is not looked at: its JSON says its type too.
// Blocks are told apart by their index, so that pieces of two tool calls may come interleaved.
#include <algorithm>
#include <optional>

#include "dialects/anthropic_messages/anthropic_messages.h"
#include "dialects/anthropic_messages/read_answer.h"
#include "dialects/base64.h"
#include "dialects/fault.h"
#include "dialects/json_reader.h"
#include "dialects/json_writer.h"
#include "dialects/reshape.h"
#include "dialects/utf8.h"

namespace gatehouse::dialects {
namespace anthropic_messages {
namespace {

enum class BlockKind : std::uint8_t { text, call, reasoning, opaque };

struct OpenBlock {
  std::int64_t index = 0;
  BlockKind kind = BlockKind::text;
  std::size_t start = 0;       // for texts: characters sent before
  std::int64_t call = 0;       // for calls: which of them
  bool has_arguments = false;  // for calls
  json::Value opaque;          // for blocks that no other protocol knows: as it started
  std::string opaque_input;    // … and what came of its input
};

int status_of(std::string_view type) {
  if (type == "overloaded_error") return 529;
  if (type == "rate_limit_error") return 429;
  if (type == "invalid_request_error") return 400;
  if (type == "authentication_error") return 401;
  if (type == "permission_error") return 403;
  if (type == "timeout_error") return 504;
  return 500;
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
    if (frame.kind == http::FrameKind::exception) {
      return fail(aws_exception(provider_, frame.name, frame.data));
    }
    const Result<json::Value> event = parse_answer(provider_, frame.data);
    if (!event) return fail(event.error());
    if (frame.name == "chunk") return feed_chunk(*event, out);
    return take(*event, frame.data, out);
  }

  Result<void> finish(std::vector<llm::Delta>&) override {
    if (has_finished_) return {};
    return fail(cut_answer(provider_));
  }

 private:
  /// Bedrock's invoke stream wraps each event: {"bytes": "<base64 of the event>"}.
  Result<void> feed_chunk(const json::Value& chunk, std::vector<llm::Delta>& out) {
    const auto bytes = decode_base64(text_at(chunk, "bytes"));
    const Result<json::Value> event = parse_answer(provider_, bytes.value_or(std::string()));
    if (!event) return fail(event.error());
    return take(*event, *bytes, out);
  }

  Result<void> take(const json::Value& event, std::string_view text, std::vector<llm::Delta>& out) {
    const std::string_view type = text_at(event, "type");
    if (type == "content_block_delta") {
      take_delta(event, out);
    } else if (type == "content_block_start") {
      start_block(event, out);
    } else if (type == "content_block_stop") {
      stop_block(event, out);
    } else if (type == "message_start") {
      start_message(event, out);
    } else if (type == "message_delta") {
      take_message_delta(event, out);
    } else if (type == "ping") {
      out.emplace_back(llm::KeepAlive{});
    } else if (type == "error") {
      const json::Value* error = json::find(event, "error");
      const int status = status_of(error == nullptr ? std::string_view() : text_at(*error, "type"));
      return fail(error_in_answer(status, provider_, text));
    }
    return {};  // events that are not known are to be ignored, the protocol says
  }

  void start_message(const json::Value& event, std::vector<llm::Delta>& out) {
    const json::Value* message = json::find(event, "message");
    if (message == nullptr) return;
    const std::string_view id = text_at(*message, "id");
    const std::string_view model = text_at(*message, "model");
    out.emplace_back(llm::Started{std::string(id.empty() ? id_ : id),
                                  std::string(model.empty() ? model_ : model),
                                  0,
                                  {},
                                  {}});
    take_usage(*message);
  }

  void take_usage(const json::Value& holder) {
    const json::Value* usage = json::find(holder, "usage");
    if (usage == nullptr || !usage->is_object()) return;
    if (!usage_) usage_.emplace();
    read_usage(*usage, *usage_);
  }

  OpenBlock* block_of(const json::Value& event) {
    const auto found =
        std::ranges::find(blocks_, integer_at(event, "index").value_or(0), &OpenBlock::index);
    return found == blocks_.end() ? nullptr : &*found;
  }

  void start_block(const json::Value& event, std::vector<llm::Delta>& out) {
    const json::Value* content = json::find(event, "content_block");
    if (content == nullptr) return;
    OpenBlock block;
    block.index = integer_at(event, "index").value_or(0);
    block.start = characters_;
    const std::string_view type = text_at(*content, "type");
    if (type == "text") {
      send_text(block.index, text_at(*content, "text"), out);
    } else if (type == "tool_use") {
      block.kind = BlockKind::call;
      block.call = calls_++;
      out.emplace_back(llm::ToolCallStarted{0,
                                            block.call,
                                            std::string(text_at(*content, "id")),
                                            std::string(text_at(*content, "name")),
                                            {},
                                            llm::ToolKind::function});
    } else if (type == "thinking" || type == "redacted_thinking") {
      block.kind = BlockKind::reasoning;
      send_reasoning(
          {0, block.index, std::string(text_at(*content, "thinking")),
           std::string(text_at(*content, "signature")), std::string(text_at(*content, "data"))},
          out);
    } else {
      block.kind = BlockKind::opaque;
      block.opaque = *content;
    }
    blocks_.push_back(std::move(block));
  }

  void send_text(std::int64_t block, std::string_view text, std::vector<llm::Delta>& out) {
    characters_ += count_characters(text);
    if (!text.empty()) out.emplace_back(llm::TextDelta{0, block, std::string(text), {}});
  }

  static void send_reasoning(llm::ReasoningDelta delta, std::vector<llm::Delta>& out) {
    if (delta.text.empty() && delta.signature.empty() && delta.redacted.empty()) return;
    out.emplace_back(std::move(delta));
  }

  void take_delta(const json::Value& event, std::vector<llm::Delta>& out) {
    const json::Value* delta = json::find(event, "delta");
    if (delta == nullptr) return;
    const std::int64_t index = integer_at(event, "index").value_or(0);
    const std::string_view type = text_at(*delta, "type");
    if (type == "text_delta") {
      send_text(index, text_at(*delta, "text"), out);
    } else if (type == "input_json_delta") {
      take_input(event, text_at(*delta, "partial_json"), out);
    } else if (type == "thinking_delta") {
      send_reasoning({0, index, std::string(text_at(*delta, "thinking")), {}, {}}, out);
    } else if (type == "signature_delta") {
      send_reasoning({0, index, {}, std::string(text_at(*delta, "signature")), {}}, out);
    } else if (type == "citations_delta") {
      take_citation(event, *delta, out);
    }
  }

  void take_citation(const json::Value& event, const json::Value& delta,
                     std::vector<llm::Delta>& out) {
    const OpenBlock* block = block_of(event);
    const json::Value* citation = json::find(delta, "citation");
    if (block == nullptr || citation == nullptr) return;
    out.emplace_back(
        llm::CitationDelta{0, block->index, read_citation(*citation, block->start, characters_)});
  }

  void take_input(const json::Value& event, std::string_view fragment,
                  std::vector<llm::Delta>& out) {
    OpenBlock* block = block_of(event);
    if (block == nullptr || fragment.empty()) return;
    if (block->kind == BlockKind::opaque) block->opaque_input += fragment;
    if (block->kind != BlockKind::call) return;
    block->has_arguments = true;
    out.emplace_back(llm::ToolCallArguments{0, block->call, std::string(fragment)});
  }

  void stop_block(const json::Value& event, std::vector<llm::Delta>& out) {
    OpenBlock* block = block_of(event);
    if (block == nullptr) return;
    if (block->kind == BlockKind::call && !block->has_arguments) {
      out.emplace_back(llm::ToolCallArguments{0, block->call, "{}"});
    }
    if (block->kind == BlockKind::opaque) {
      Result<json::Value> input = json::parse(block->opaque_input);
      if (input && block->opaque.is_object())
        (*block->opaque.if_object())["input"] = std::move(*input);
      llm::Opaque opaque{llm::DialectId::anthropic_messages, to_text(block->opaque)};
      out.emplace_back(llm::BlockDelta{0, block->index, {std::move(opaque), {}}});
    }
    std::erase_if(blocks_, [&](const OpenBlock& open) { return &open == block; });
  }

  void take_message_delta(const json::Value& event, std::vector<llm::Delta>& out) {
    take_usage(event);
    if (usage_) out.emplace_back(llm::UsageReported{*usage_});
    const json::Value* delta = json::find(event, "delta");
    if (has_finished_ || delta == nullptr || text_at(*delta, "stop_reason").empty()) return;
    has_finished_ = true;
    out.emplace_back(llm::Finished{0, read_finish(*delta), {}});
  }

  std::string provider_;
  std::string model_;
  std::string id_;
  std::vector<OpenBlock> blocks_;
  std::size_t characters_ = 0;  // of text, sent so far
  std::int64_t calls_ = 0;
  std::optional<llm::Usage> usage_;
  bool has_finished_ = false;
};

}  // namespace
}  // namespace anthropic_messages

std::unique_ptr<StreamDecoder> AnthropicBackDoor::new_stream_decoder(
    const AnswerContext& context) const {
  return reshaped(std::make_unique<anthropic_messages::EventDecoder>(context), context.hints);
}

}  // namespace gatehouse::dialects
