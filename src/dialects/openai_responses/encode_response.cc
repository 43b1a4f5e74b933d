#include "dialects/openai_chat/encode.h"
#include "dialects/openai_responses/openai_responses.h"
#include "dialects/openai_responses/response_object.h"

namespace gatehouse::dialects {
namespace openai_responses {
namespace {

using Kind = OutputItem::Kind;

/// The blocks of an answer as items: neighbouring texts are one message.
class ItemList {
 public:
  explicit ItemList(std::string_view id) : id_(id) {}

  void add(const llm::Block& block) {
    if (const auto* text = std::get_if<llm::Text>(&block.content)) {
      OutputItem& item = open(Kind::message);
      item.text += text->text;
      for (const llm::Citation& citation : text->citations) {
        if (!citation.url.empty()) item.citations.push_back(citation);
      }
    } else if (const auto* refusal = std::get_if<llm::Refusal>(&block.content)) {
      open(Kind::refusal).text += refusal->text;
    } else if (const auto* reasoning = std::get_if<llm::Reasoning>(&block.content)) {
      OutputItem& item = start(Kind::reasoning, llm::ToolKind::function);
      item.text = reasoning->text;
      item.seal = {{}, reasoning->signature, reasoning->redacted};
    } else if (const auto* call = std::get_if<llm::ToolCall>(&block.content)) {
      OutputItem& item = start(Kind::call, call->kind);
      item.call_id = call->id;
      item.name = call->name;
      item.text = call->arguments;
    } else if (const auto* image = std::get_if<llm::Image>(&block.content)) {
      start(Kind::image, llm::ToolKind::function).text = image->source.value;
    }
  }

  void add_logprobs(const std::vector<llm::TokenLogprob>& logprobs) {
    for (OutputItem& item : items_) {
      if (item.kind != Kind::message) continue;
      item.logprobs = logprobs;
      return;
    }
  }

  const std::vector<OutputItem>& items() const { return items_; }

 private:
  OutputItem& start(Kind kind, llm::ToolKind tool_kind) {
    OutputItem item;
    item.kind = kind;
    item.tool_kind = tool_kind;
    item.id = item_id(kind, tool_kind, id_, items_.size());
    return items_.emplace_back(std::move(item));
  }

  OutputItem& open(Kind kind) {
    if (!items_.empty() && items_.back().kind == kind) return items_.back();
    return start(kind, llm::ToolKind::function);
  }

  std::string_view id_;
  std::vector<OutputItem> items_;
};

}  // namespace
}  // namespace openai_responses

std::string OpenAiResponsesFrontDoor::encode_response(const llm::Reply& reply,
                                                      const AnswerOptions& options) const {
  using namespace openai_responses;
  ResponseWriter writer(options);
  writer.set_answer(reply.id, reply.model, reply.created);
  ItemList list(options.id);
  ResponseWriter::State state = state_of({});
  if (!reply.choices.empty()) {
    const llm::Choice& choice = reply.choices.front();
    for (const llm::Block& block : choice.blocks) list.add(block);
    list.add_logprobs(choice.logprobs);
    state = state_of(choice.finish);
  }
  state.items = &list.items();
  state.usage = reply.usage;
  std::string body;
  JsonWriter json(body);
  writer.write(json, state);
  return body;
}

std::string OpenAiResponsesFrontDoor::encode_error(const Error& error,
                                                   const ErrorWords& words) const {
  return openai_chat::encode_error_body(error, words);
}

}  // namespace gatehouse::dialects
