// Deltas to the events of a Responses stream. Each event has a name, its type and a number from 0;
// there is no [DONE]. Text and thoughts are one open item at a time; calls of tools may stay open
// side by side, since their pieces may come interleaved, and are closed at the end in the order of
// their index.
#include <algorithm>
#include <optional>

#include "dialects/openai_responses/openai_responses.h"
#include "dialects/openai_responses/response_object.h"

namespace gatehouse::dialects {
namespace openai_responses {
namespace {

using Kind = OutputItem::Kind;

class EventEncoder final : public StreamEncoder {
 public:
  explicit EventEncoder(const AnswerOptions& options) : writer_(options), answer_id_(options.id) {}

  void feed(const llm::Delta& delta, std::string& out) override {
    if (const auto* started = std::get_if<llm::Started>(&delta)) return start(*started, out);
    const bool says_something = !std::holds_alternative<llm::KeepAlive>(delta) &&
                                !std::holds_alternative<llm::UsageReported>(delta);
    if (!has_started_ && says_something) start({}, out);
    std::visit([&](const auto& content) { write(content, out); }, delta);
  }

  void finish(const StreamEnd& end, std::string& out) override {
    if (end.error != nullptr && !has_started_) return write_error(end, out);
    if (!has_started_) start({}, out);
    ResponseWriter::State state = state_of(finish_);
    if (end.error != nullptr) {
      state.status = "failed";
      state.error = end.error;
      state.words = end.words;
    } else {
      for (std::size_t i = 0; i < items_.size(); ++i) close_item(i, out);
    }
    state.items = &items_;
    state.usage = usage_;
    write_response("response." + std::string(state.status), state, out);
  }

 private:
  JsonWriter open_event(std::string_view type, std::string& out) {
    out += "event: ";
    out += type;
    out += "\ndata: ";
    JsonWriter json(out);
    json.open().text("type", type).integer("sequence_number", sequence_++);
    return json;
  }

  /// An event about the item at `index`.
  JsonWriter open_item_event(std::string_view type, std::size_t index, std::string& out) {
    JsonWriter json = open_event(type, out);
    json.text("item_id", items_[index].id)
        .integer("output_index", static_cast<std::int64_t>(index));
    return json;
  }

  static void close_event(JsonWriter& json, std::string& out) {
    json.close();
    out += "\n\n";
  }

  void write_response(std::string_view type, const ResponseWriter::State& state, std::string& out) {
    JsonWriter json = open_event(type, out);
    json.key("response");
    writer_.write(json, state);
    close_event(json, out);
  }

  void write_error(const StreamEnd& end, std::string& out) {
    JsonWriter json = open_event("error", out);
    json.text("code", error_code(*end.error, end.words));
    json.text("message", end.error->message).null("param");
    close_event(json, out);
  }

  void start(const llm::Started& started, std::string& out) {
    has_started_ = true;
    writer_.set_answer(started.id, started.model, started.created);
    ResponseWriter::State state;
    state.status = "in_progress";
    write_response("response.created", state, out);
    write_response("response.in_progress", state, out);
  }

  // -- items
  // ---------------------------------------------------------------------------------------

  std::size_t start_item(Kind kind, llm::ToolKind tool_kind) {
    OutputItem item;
    item.kind = kind;
    item.tool_kind = tool_kind;
    item.id = item_id(kind, tool_kind, answer_id_, items_.size());
    item.is_done = false;
    items_.push_back(std::move(item));
    return items_.size() - 1;
  }

  void write_item_event(std::string_view type, std::size_t index, std::string& out) {
    JsonWriter json = open_event(type, out);
    json.integer("output_index", static_cast<std::int64_t>(index)).key("item");
    writer_.write_item(json, items_[index]);
    close_event(json, out);
  }

  /// The item that text of this kind goes to, started if another one is open.
  std::size_t open_text(Kind kind, std::int64_t block, std::string& out) {
    if (open_ && items_[*open_].kind == kind && given_block_ == block) return *open_;
    close_text(out);
    given_block_ = block;
    const std::size_t index = start_item(kind, llm::ToolKind::function);
    open_ = index;
    write_item_event("response.output_item.added", index, out);
    if (kind == Kind::reasoning) return index;
    JsonWriter json = open_item_event("response.content_part.added", index, out);
    json.integer("content_index", 0).key("part");
    write_part(json, items_[index]);
    close_event(json, out);
    return index;
  }

  void close_text(std::string& out) {
    if (!open_) return;
    const std::size_t index = *open_;
    open_.reset();
    close_item(index, out);
  }

  void close_item(std::size_t index, std::string& out) {
    OutputItem& item = items_[index];
    if (item.is_done) return;
    item.is_done = true;
    if (item.kind == Kind::reasoning) {
      close_summary(index, out);
    } else if (item.kind == Kind::call) {
      close_call(index, out);
    } else {
      close_part(index, out);
    }
    write_item_event("response.output_item.done", index, out);
  }

  void close_summary(std::size_t index, std::string& out) {
    const OutputItem& item = items_[index];
    if (item.text.empty()) return;
    JsonWriter json = open_item_event("response.reasoning_summary_text.done", index, out);
    json.integer("summary_index", 0).text("text", item.text);
    close_event(json, out);
    JsonWriter part = open_item_event("response.reasoning_summary_part.done", index, out);
    part.integer("summary_index", 0)
        .open("part")
        .text("type", "summary_text")
        .text("text", item.text);
    part.close();
    close_event(part, out);
  }

  void close_part(std::size_t index, std::string& out) {
    const OutputItem& item = items_[index];
    const bool is_refusal = item.kind == Kind::refusal;
    JsonWriter json = open_item_event(
        is_refusal ? "response.refusal.done" : "response.output_text.done", index, out);
    json.integer("content_index", 0).text(is_refusal ? "refusal" : "text", item.text);
    if (!is_refusal) write_logprobs(json, item.logprobs);
    close_event(json, out);
    JsonWriter part = open_item_event("response.content_part.done", index, out);
    part.integer("content_index", 0).key("part");
    write_part(part, item);
    close_event(part, out);
  }

  void close_call(std::size_t index, std::string& out) {
    const OutputItem& item = items_[index];
    const bool is_custom = item.tool_kind == llm::ToolKind::custom;
    JsonWriter json = open_item_event(is_custom ? "response.custom_tool_call_input.done"
                                                : "response.function_call_arguments.done",
                                      index, out);
    if (!is_custom) json.text("name", item.name);
    json.text(is_custom ? "input" : "arguments", item.text);
    close_event(json, out);
  }

  // -- deltas
  // --------------------------------------------------------------------------------------

  void write(const llm::Started&, std::string&) {}

  void write(const llm::TextDelta& delta, std::string& out) {
    if (delta.choice != 0 || delta.text.empty()) return;
    const std::size_t index = open_text(Kind::message, delta.block, out);
    OutputItem& item = items_[index];
    item.text += delta.text;
    item.logprobs.insert(item.logprobs.end(), delta.logprobs.begin(), delta.logprobs.end());
    JsonWriter json = open_item_event("response.output_text.delta", index, out);
    json.integer("content_index", 0).text("delta", delta.text);
    write_logprobs(json, delta.logprobs);
    close_event(json, out);
  }

  void write(const llm::RefusalDelta& delta, std::string& out) {
    if (delta.choice != 0 || delta.text.empty()) return;
    const std::size_t index = open_text(Kind::refusal, 0, out);
    items_[index].text += delta.text;
    JsonWriter json = open_item_event("response.refusal.delta", index, out);
    json.integer("content_index", 0).text("delta", delta.text);
    close_event(json, out);
  }

  void write(const llm::ReasoningDelta& delta, std::string& out) {
    if (delta.choice != 0) return;
    const bool is_unseen = delta.text.empty() && !writer_.seals_thoughts();
    if (is_unseen && !(open_ && items_[*open_].kind == Kind::reasoning)) return;
    const std::size_t index = open_text(Kind::reasoning, delta.block, out);
    OutputItem& item = items_[index];
    item.seal.signature += delta.signature;
    item.seal.redacted += delta.redacted;
    if (delta.text.empty()) return;
    if (item.text.empty()) start_summary(index, out);
    item.text += delta.text;
    JsonWriter json = open_item_event("response.reasoning_summary_text.delta", index, out);
    json.integer("summary_index", 0).text("delta", delta.text);
    close_event(json, out);
  }

  void start_summary(std::size_t index, std::string& out) {
    JsonWriter json = open_item_event("response.reasoning_summary_part.added", index, out);
    json.integer("summary_index", 0).open("part").text("type", "summary_text").text("text", "");
    json.close();
    close_event(json, out);
  }

  void write(const llm::ToolCallStarted& delta, std::string& out) {
    if (delta.choice != 0) return;
    close_text(out);
    const std::size_t index = start_item(Kind::call, delta.kind);
    items_[index].call_id = delta.id;
    items_[index].name = delta.name;
    calls_.emplace_back(delta.index, index);
    write_item_event("response.output_item.added", index, out);
  }

  void write(const llm::ToolCallArguments& delta, std::string& out) {
    const auto found =
        std::ranges::find(calls_, delta.index, &std::pair<std::int64_t, std::size_t>::first);
    if (delta.choice != 0 || found == calls_.end()) return;
    OutputItem& item = items_[found->second];
    item.text += delta.fragment;
    JsonWriter json = open_item_event(item.tool_kind == llm::ToolKind::custom
                                          ? "response.custom_tool_call_input.delta"
                                          : "response.function_call_arguments.delta",
                                      found->second, out);
    json.text("delta", delta.fragment);
    close_event(json, out);
  }

  void write(const llm::BlockDelta& delta, std::string& out) {
    const auto* image = std::get_if<llm::Image>(&delta.content.content);
    if (delta.choice != 0 || image == nullptr) return;
    close_text(out);
    const std::size_t index = start_item(Kind::image, llm::ToolKind::function);
    write_item_event("response.output_item.added", index, out);
    items_[index].text = image->source.value;
    items_[index].is_done = true;
    write_item_event("response.output_item.done", index, out);
  }

  void write(const llm::CitationDelta& delta, std::string& out) {
    const bool has_text = open_ && items_[*open_].kind == Kind::message;
    if (delta.choice != 0 || !has_text || delta.citation.url.empty()) return;
    OutputItem& item = items_[*open_];
    item.citations.push_back(delta.citation);
    JsonWriter json = open_item_event("response.output_text.annotation.added", *open_, out);
    json.integer("content_index", 0);
    json.integer("annotation_index", static_cast<std::int64_t>(item.citations.size()) - 1);
    json.key("annotation");
    write_citation(json, delta.citation);
    close_event(json, out);
  }

  void write(const llm::Finished& delta, std::string&) {
    if (delta.choice == 0) finish_ = delta.finish;
  }
  void write(const llm::UsageReported& delta, std::string&) { usage_ = delta.usage; }
  void write(const llm::KeepAlive&, std::string& out) { out += ": keep-alive\n\n"; }

  ResponseWriter writer_;
  std::string answer_id_;
  std::int64_t sequence_ = 0;
  std::vector<OutputItem> items_;
  std::optional<std::size_t> open_;  // the item of text or thoughts that is being written
  std::int64_t given_block_ = 0;     // the provider's number of it
  std::vector<std::pair<std::int64_t, std::size_t>> calls_;  // index of the call, and of its item
  llm::Finish finish_;
  std::optional<llm::Usage> usage_;
  bool has_started_ = false;
};

}  // namespace
}  // namespace openai_responses

std::unique_ptr<StreamEncoder> OpenAiResponsesFrontDoor::new_stream_encoder(
    const AnswerOptions& options) const {
  return std::make_unique<openai_responses::EventEncoder>(options);
}

}  // namespace gatehouse::dialects
