// Deltas to chunks. What every chunk repeats is written once, when the stream starts.
//
// Invariants of the stream that a client sees: id, created and model stay the same; the first chunk
// of a choice holds the role, no later one does; a tool call starts with its id and name and empty
// arguments; finish_reason is null until the one closing chunk of a choice; usage comes once;
// [DONE] comes once and last, after an error too.
#include <algorithm>
#include <optional>

#include "dialects/media.h"
#include "dialects/openai_chat/encode.h"
#include "dialects/openai_chat/openai_chat.h"

namespace gatehouse::dialects {
namespace openai_chat {
namespace {

class ChunkEncoder final : public StreamEncoder {
 public:
  explicit ChunkEncoder(const AnswerOptions& options)
      : style_(options),
        provider_(options.provider),
        id_(options.id),
        model_(options.call->model),
        created_(options.created) {}

  void feed(const llm::Delta& delta, std::string& out) override {
    if (const auto* started = std::get_if<llm::Started>(&delta)) return start(*started, out);
    const bool says_something = !std::holds_alternative<llm::KeepAlive>(delta) &&
                                !std::holds_alternative<llm::UsageReported>(delta);
    if (head_.empty() && says_something) start({}, out);
    std::visit([&](const auto& content) { write(content, out); }, delta);
  }

  void finish(const StreamEnd& end, std::string& out) override {
    if (end.error != nullptr) {
      out += "data: " + encode_error_event(*end.error, end.words) + "\n\n";
    } else {
      write_closing_chunks(out);
      if (style_.includes_usage && usage_) write_usage_chunk(out);
    }
    out += "data: [DONE]\n\n";
  }

 private:
  bool is_lenient() const { return style_.is_lenient(); }

  void start(const llm::Started& started, std::string& out) {
    std::string head;
    JsonWriter json(head);
    json.open().text("id", started.id.empty() ? "chatcmpl-" + id_ : started.id);
    json.text("object", "chat.completion.chunk");
    json.integer("created", started.created == 0 ? created_ : started.created);
    json.text("model", started.model.empty() ? model_ : started.model).text("provider", provider_);
    json.text_if_any("service_tier", started.service_tier);
    json.text_if_any("system_fingerprint", started.system_fingerprint);
    head_ = "data: " + head + ",\"choices\":[";
    start_choice(0, out);
  }

  /// `{"index":0,"delta":` for a choice, after its role chunk if it has had none.
  void start_choice(std::int64_t choice, std::string& out) {
    if (std::ranges::find(started_choices_, choice) != started_choices_.end()) return;
    started_choices_.push_back(choice);
    JsonWriter json = open_chunk(choice, out);
    json.text("role", "assistant").text("content", "");
    close_chunk(json, out);
  }

  JsonWriter open_chunk(std::int64_t choice, std::string& out) {
    start_choice(choice, out);
    out += head_;
    JsonWriter json(out);
    json.open().integer("index", choice).open("delta");
    return json;
  }

  static void close_chunk(JsonWriter& json, std::string& out) {
    json.close().null("logprobs").null("finish_reason").close();
    out += "]}\n\n";
  }

  /// A chunk with one member in its `content_blocks`, whose delta `write_delta` fills.
  template <class WriteDelta>
  static void write_content_block(JsonWriter& json, std::int64_t block, WriteDelta write_delta) {
    json.open_list("content_blocks").open().integer("index", block).open("delta");
    write_delta();
    json.close().close().close_list();
  }

  void write(const llm::Started&, std::string&) {}

  void write(const llm::TextDelta& delta, std::string& out) {
    JsonWriter json = open_chunk(delta.choice, out);
    json.text("content", delta.text);
    if (is_lenient()) {
      write_content_block(json, delta.block, [&] { json.text("text", delta.text); });
    }
    json.close();
    write_logprobs(json, delta.logprobs);
    json.null("finish_reason").close();
    out += "]}\n\n";
  }

  void write(const llm::RefusalDelta& delta, std::string& out) {
    JsonWriter json = open_chunk(delta.choice, out);
    json.text("refusal", delta.text);
    close_chunk(json, out);
  }

  void write(const llm::ReasoningDelta& delta, std::string& out) {
    if (!is_lenient() && delta.text.empty()) return;  // signatures have no place in the protocol
    JsonWriter json = open_chunk(delta.choice, out);
    json.text_if_any("reasoning_content", delta.text);
    if (is_lenient()) {
      write_content_block(json, delta.block, [&] {
        json.text_if_any("thinking", delta.text).text_if_any("signature", delta.signature);
        json.text_if_any("data", delta.redacted);
      });
    }
    close_chunk(json, out);
  }

  /// A call, or a piece of its arguments, as it was written before there were tools.
  void write_function(std::int64_t choice, std::string_view name, std::string_view arguments,
                      std::string& out) {
    JsonWriter json = open_chunk(choice, out);
    json.open("function_call").text_if_any("name", name).text("arguments", arguments).close();
    close_chunk(json, out);
  }

  void write(const llm::ToolCallStarted& delta, std::string& out) {
    if (style_.speaks_functions) return write_function(delta.choice, delta.name, {}, out);
    const bool is_custom = delta.kind == llm::ToolKind::custom;
    const std::string_view kind = is_custom ? "custom" : "function";
    if (is_custom) custom_calls_.emplace_back(delta.choice, delta.index);
    JsonWriter json = open_chunk(delta.choice, out);
    json.open_list("tool_calls").open().integer("index", delta.index).text("id", delta.id);
    json.text("type", kind).open(kind).text("name", delta.name);
    json.text(is_custom ? "input" : "arguments", "");
    if (is_lenient()) json.text_if_any("thought_signature", delta.signature);
    json.close().close().close_list();
    close_chunk(json, out);
  }

  void write(const llm::ToolCallArguments& delta, std::string& out) {
    if (style_.speaks_functions) return write_function(delta.choice, {}, delta.fragment, out);
    const bool is_custom = std::ranges::find(custom_calls_, std::pair(delta.choice, delta.index)) !=
                           custom_calls_.end();
    JsonWriter json = open_chunk(delta.choice, out);
    json.open_list("tool_calls").open().integer("index", delta.index);
    json.open(is_custom ? "custom" : "function");
    json.text(is_custom ? "input" : "arguments", delta.fragment);
    json.close().close().close_list();
    close_chunk(json, out);
  }

  void write(const llm::BlockDelta& delta, std::string& out) {
    if (const auto* image = std::get_if<llm::Image>(&delta.content.content)) {
      JsonWriter json = open_chunk(delta.choice, out);
      json.open_list("images");
      write_image(json, *image);
      json.close_list();
      if (is_lenient()) {
        write_content_block(json, delta.block, [&] {
          json.open("image_url").text("url", url_of(image->source)).close();
        });
      }
      return close_chunk(json, out);
    }
    const auto* opaque = std::get_if<llm::Opaque>(&delta.content.content);
    if (opaque == nullptr || !is_lenient()) return;
    JsonWriter json = open_chunk(delta.choice, out);
    json.open_list("content_blocks").open().integer("index", delta.block);
    json.raw("delta", opaque->json).close().close_list();
    close_chunk(json, out);
  }

  void write(const llm::CitationDelta& delta, std::string& out) {
    if (delta.citation.url.empty()) return;
    JsonWriter json = open_chunk(delta.choice, out);
    json.open_list("annotations");
    write_citation(json, delta.citation);
    json.close_list();
    close_chunk(json, out);
  }

  void write(const llm::UsageReported& delta, std::string&) { usage_ = delta.usage; }
  void write(const llm::KeepAlive&, std::string& out) { out += ": keep-alive\n\n"; }

  /// A lenient client that did not ask for a usage chunk finds the usage in its closing chunk, so
  /// that has to wait for it.
  void write(const llm::Finished& delta, std::string& out) {
    closing_.push_back(delta);
    if (!carries_usage()) write_closing_chunks(out);
  }

  bool carries_usage() const { return is_lenient() && !style_.includes_usage; }

  void write_closing_chunks(std::string& out) {
    for (const llm::Finished& finished : closing_) {
      JsonWriter json = open_chunk(finished.choice, out);
      json.close().null("logprobs");
      write_finish_reason(json, finished.finish, style_);
      if (is_lenient()) json.text_if_any("stop_sequence", finished.finish.stop_sequence);
      for (const llm::RawMember& extra : finished.extras) {
        if (is_lenient()) json.raw(extra.name, extra.json);
      }
      json.close();
      out += ']';
      if (carries_usage() && usage_ && &finished == &closing_.back()) write_usage_member(out);
      out += "}\n\n";
    }
    closing_.clear();
  }

  void write_usage_chunk(std::string& out) {
    out += head_;
    out += ']';
    write_usage_member(out);
    out += "}\n\n";
  }

  void write_usage_member(std::string& out) {
    out += ",\"usage\":";
    JsonWriter json(out);
    write_usage(json, *usage_);
  }

  Style style_;
  std::string provider_;
  std::string id_;
  std::string model_;
  std::int64_t created_;
  std::string head_;  // up to the opening bracket of `choices`; empty before the stream starts
  std::vector<std::int64_t> started_choices_;
  std::vector<std::pair<std::int64_t, std::int64_t>> custom_calls_;  // choice and index
  std::vector<llm::Finished> closing_;
  std::optional<llm::Usage> usage_;
};

}  // namespace
}  // namespace openai_chat

std::unique_ptr<StreamEncoder> OpenAiChatFrontDoor::new_stream_encoder(
    const AnswerOptions& options) const {
  return std::make_unique<openai_chat::ChunkEncoder>(options);
}

}  // namespace gatehouse::dialects
