// Deltas to the events of a Messages stream. Its blocks stand one after the other and never
// interleave, while tool calls of other protocols may. So the first call is sent as it comes, and
// whatever begins after it is held back until the end, when it is known that nothing of the first
// is missing.
#include <optional>
#include <vector>

#include "dialects/anthropic_messages/anthropic_messages.h"
#include "dialects/anthropic_messages/encode.h"

namespace gatehouse::dialects {
namespace anthropic_messages {
namespace {

enum class BlockKind : std::uint8_t { none, text, thinking, call };

struct HeldBlock {
  BlockKind kind = BlockKind::text;
  std::int64_t call = 0;
  std::string id;
  std::string name;
  std::string text;  // or thoughts, or arguments
  std::string signature;
};

class EventEncoder final : public StreamEncoder {
 public:
  explicit EventEncoder(const AnswerOptions& options)
      : id_(options.id), model_(options.call->model) {}

  void feed(const llm::Delta& delta, std::string& out) override {
    if (const auto* started = std::get_if<llm::Started>(&delta)) return start(*started, out);
    const bool says_something = !std::holds_alternative<llm::KeepAlive>(delta) &&
                                !std::holds_alternative<llm::UsageReported>(delta);
    if (!has_started_ && says_something) start({}, out);
    std::visit([&](const auto& content) { write(content, out); }, delta);
  }

  void finish(const StreamEnd& end, std::string& out) override {
    if (end.error != nullptr) {
      out += "event: error\ndata: " + encode_error_body(*end.error, end.words) + "\n\n";
      return;
    }
    if (!has_started_) start({}, out);
    close_block(out);
    for (const HeldBlock& block : held_) write_held(block, out);
    write_message_delta(out);
    out += "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
  }

 private:
  /// An event up to its own members; `close_event` ends it.
  static JsonWriter open_event(std::string_view type, std::string& out) {
    out += "event: ";
    out += type;
    out += "\ndata: ";
    JsonWriter json(out);
    json.open().text("type", type);
    return json;
  }

  static void close_event(JsonWriter& json, std::string& out) {
    json.close();
    out += "\n\n";
  }

  void start(const llm::Started& started, std::string& out) {
    has_started_ = true;
    JsonWriter json = open_event("message_start", out);
    json.open("message").text("id", message_id(started.id, id_)).text("type", "message");
    json.text("role", "assistant").text("model", started.model.empty() ? model_ : started.model);
    json.open_list("content").close_list().null("stop_reason").null("stop_sequence");
    json.open("usage").integer("input_tokens", 0).integer("output_tokens", 0).close().close();
    close_event(json, out);
    ping(out);
  }

  static void ping(std::string& out) { out += "event: ping\ndata: {\"type\":\"ping\"}\n\n"; }

  JsonWriter start_block(BlockKind kind, std::string& out) {
    close_block(out);
    open_ = kind;
    ++index_;
    JsonWriter json = open_event("content_block_start", out);
    json.integer("index", index_).open("content_block");
    return json;
  }

  void close_block(std::string& out) {
    if (open_ == BlockKind::none) return;
    open_ = BlockKind::none;
    JsonWriter json = open_event("content_block_stop", out);
    json.integer("index", index_);
    close_event(json, out);
  }

  bool is_within(BlockKind kind, std::int64_t block) const {
    return open_ == kind && given_block_ == block;
  }

  void start_text(std::int64_t block, std::string& out) {
    if (is_within(BlockKind::text, block)) return;
    given_block_ = block;
    JsonWriter json = start_block(BlockKind::text, out);
    json.text("type", "text").text("text", "").close();
    close_event(json, out);
  }

  void start_thinking(std::int64_t block, std::string& out) {
    if (is_within(BlockKind::thinking, block)) return;
    given_block_ = block;
    JsonWriter json = start_block(BlockKind::thinking, out);
    json.text("type", "thinking").text("thinking", "").text("signature", "").close();
    close_event(json, out);
  }

  void start_call(std::string_view id, std::string_view name, std::string& out) {
    JsonWriter json = start_block(BlockKind::call, out);
    json.text("type", "tool_use").text("id", id).text("name", name).open("input").close().close();
    close_event(json, out);
  }

  void write_delta(std::string_view type, std::string_view member, std::string_view text,
                   std::string& out) const {
    if (text.empty()) return;
    JsonWriter json = open_event("content_block_delta", out);
    json.integer("index", index_).open("delta").text("type", type).text(member, text).close();
    close_event(json, out);
  }

  void write_redacted(std::string_view redacted, std::string& out) {
    JsonWriter json = start_block(BlockKind::thinking, out);
    json.text("type", "redacted_thinking").text("data", redacted).close();
    close_event(json, out);
    close_block(out);
  }

  bool holds_back() const { return live_call_.has_value(); }

  HeldBlock& held_block(BlockKind kind) {
    if (held_.empty() || held_.back().kind != kind) held_.push_back({kind, 0, {}, {}, {}, {}});
    return held_.back();
  }

  void write(const llm::Started&, std::string&) {}

  void write_text(std::int64_t block, std::string_view text, std::string& out) {
    if (text.empty()) return;
    if (holds_back()) {
      held_block(BlockKind::text).text += text;
      return;
    }
    start_text(block, out);
    write_delta("text_delta", "text", text, out);
  }

  void write(const llm::TextDelta& delta, std::string& out) {
    if (delta.choice == 0) write_text(delta.block, delta.text, out);
  }

  void write(const llm::RefusalDelta& delta, std::string& out) {
    if (delta.choice == 0) write_text(0, delta.text, out);
  }

  void write(const llm::ReasoningDelta& delta, std::string& out) {
    if (delta.choice != 0) return;
    if (holds_back()) {
      HeldBlock& block = held_block(BlockKind::thinking);
      block.text += delta.text;
      block.signature += delta.signature;
      return;
    }
    if (!delta.redacted.empty()) return write_redacted(delta.redacted, out);
    start_thinking(delta.block, out);
    write_delta("thinking_delta", "thinking", delta.text, out);
    write_delta("signature_delta", "signature", delta.signature, out);
  }

  void write(const llm::ToolCallStarted& delta, std::string& out) {
    if (delta.choice != 0) return;
    if (holds_back()) {
      held_.push_back({BlockKind::call, delta.index, delta.id, delta.name, {}, {}});
      return;
    }
    live_call_ = delta.index;
    start_call(delta.id, delta.name, out);
  }

  void write(const llm::ToolCallArguments& delta, std::string& out) {
    if (delta.choice != 0) return;
    if (delta.index == live_call_) {
      return write_delta("input_json_delta", "partial_json", delta.fragment, out);
    }
    for (HeldBlock& block : held_) {
      if (block.kind == BlockKind::call && block.call == delta.index) block.text += delta.fragment;
    }
  }

  void write_held(const HeldBlock& block, std::string& out) {
    if (block.kind == BlockKind::call) {
      start_call(block.id, block.name, out);
      write_delta("input_json_delta", "partial_json", block.text, out);
    } else if (block.kind == BlockKind::thinking) {
      start_thinking(0, out);
      write_delta("thinking_delta", "thinking", block.text, out);
      write_delta("signature_delta", "signature", block.signature, out);
    } else {
      start_text(0, out);
      write_delta("text_delta", "text", block.text, out);
    }
    close_block(out);
  }

  void write(const llm::BlockDelta&, std::string&) {}
  void write(const llm::CitationDelta&, std::string&) {}
  void write(const llm::Finished& delta, std::string&) {
    if (delta.choice == 0) finish_ = delta.finish;
  }
  void write(const llm::UsageReported& delta, std::string&) { usage_ = delta.usage; }
  void write(const llm::KeepAlive&, std::string& out) {
    if (has_started_) return ping(out);
    out += ": keep-alive\n\n";
  }

  void write_message_delta(std::string& out) const {
    JsonWriter json = open_event("message_delta", out);
    json.open("delta");
    write_finish(json, finish_);
    json.close().key("usage");
    write_usage(json, usage_);
    close_event(json, out);
  }

  std::string id_;
  std::string model_;
  BlockKind open_ = BlockKind::none;
  std::int64_t index_ = -1;                // of the block that is open, or was last
  std::int64_t given_block_ = 0;           // the provider's number of it
  std::optional<std::int64_t> live_call_;  // the call that is sent as it comes
  std::vector<HeldBlock> held_;
  llm::Finish finish_;
  llm::Usage usage_;
  bool has_started_ = false;
};

}  // namespace
}  // namespace anthropic_messages

std::unique_ptr<StreamEncoder> AnthropicFrontDoor::new_stream_encoder(
    const AnswerOptions& options) const {
  return std::make_unique<anthropic_messages::EventEncoder>(options);
}

}  // namespace gatehouse::dialects
