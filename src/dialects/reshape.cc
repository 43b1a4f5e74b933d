#include "dialects/reshape.h"

#include <algorithm>
#include <map>
#include <utility>

#include "dialects/json_reader.h"

namespace gatehouse::dialects {
namespace {

bool is_custom(std::string_view name, const DecodeHints& hints) {
  return std::ranges::find(hints.custom_tools, name) != hints.custom_tools.end();
}

/// {"input": "text"} → text. Anything else is left as the model wrote it.
std::string unwrapped(std::string arguments) {
  const Result<json::Value> parsed = json::parse(arguments);
  const json::Value* input = parsed ? json::find(*parsed, "input") : nullptr;
  return input != nullptr && input->is_string() ? std::string(*input->if_string()) : arguments;
}

void settle_finish(llm::Finish& finish, std::int64_t calls_left) {
  if (calls_left > 0 || finish.reason != llm::FinishReason::tool_calls) return;
  finish.reason = llm::FinishReason::stop;
  finish.raw.clear();
}

void reshape(llm::Choice& choice, const DecodeHints& hints) {
  std::int64_t calls = 0;
  bool has_json_answer = false;
  for (llm::Block& block : choice.blocks) {
    auto* call = std::get_if<llm::ToolCall>(&block.content);
    if (call == nullptr) continue;
    if (!hints.json_tool.empty() && call->name == hints.json_tool) {
      std::string answer = std::move(call->arguments);
      block.content = llm::Text{std::move(answer), {}};
      has_json_answer = true;
      continue;
    }
    ++calls;
    if (!is_custom(call->name, hints)) continue;
    call->kind = llm::ToolKind::custom;
    call->arguments = unwrapped(std::move(call->arguments));
  }
  if (has_json_answer) settle_finish(choice.finish, calls);
}

/// The same for a stream. Arguments of custom tools are held back until their call is whole.
class Reshaper final : public StreamDecoder {
 public:
  Reshaper(std::unique_ptr<StreamDecoder> decoder, DecodeHints hints)
      : decoder_(std::move(decoder)), hints_(std::move(hints)) {}

  Result<void> feed(const http::Frame& frame, std::vector<llm::Delta>& out) override {
    Result<void> fed = decoder_->feed(frame, deltas_);
    pass_on(out);
    return fed;
  }

  Result<void> finish(std::vector<llm::Delta>& out) override {
    Result<void> finished = decoder_->finish(deltas_);
    pass_on(out);
    return finished;
  }

 private:
  using Key = std::pair<std::int64_t, std::int64_t>;  // choice and index of a call

  struct Call {
    std::int64_t index = 0;  // as the client sees it: calls that became text do not count
    bool is_answer = false;
    bool is_custom = false;
    std::string held;
  };

  void pass_on(std::vector<llm::Delta>& out) {
    for (llm::Delta& delta : deltas_) {
      if (auto* started = std::get_if<llm::ToolCallStarted>(&delta)) {
        start(*started, out);
      } else if (auto* arguments = std::get_if<llm::ToolCallArguments>(&delta)) {
        take(*arguments, out);
      } else if (auto* finished = std::get_if<llm::Finished>(&delta)) {
        close(*finished, out);
      } else {
        out.push_back(std::move(delta));
      }
    }
    deltas_.clear();
  }

  void start(llm::ToolCallStarted& started, std::vector<llm::Delta>& out) {
    Call call;
    call.is_answer = !hints_.json_tool.empty() && started.name == hints_.json_tool;
    call.is_custom = is_custom(started.name, hints_);
    call.index = call.is_answer ? 0 : calls_left_[started.choice]++;
    const Key key{started.choice, started.index};
    if (!call.is_answer) {
      started.index = call.index;
      if (call.is_custom) started.kind = llm::ToolKind::custom;
      out.emplace_back(std::move(started));
    }
    calls_[key] = std::move(call);
  }

  void take(llm::ToolCallArguments& arguments, std::vector<llm::Delta>& out) {
    Call& call = calls_[{arguments.choice, arguments.index}];
    if (call.is_answer) {
      out.emplace_back(llm::TextDelta{arguments.choice, 0, std::move(arguments.fragment), {}});
    } else if (call.is_custom) {
      call.held += arguments.fragment;
    } else {
      arguments.index = call.index;
      out.emplace_back(std::move(arguments));
    }
  }

  void close(llm::Finished& finished, std::vector<llm::Delta>& out) {
    bool has_json_answer = false;
    for (auto& [key, call] : calls_) {
      if (key.first != finished.choice) continue;
      has_json_answer = has_json_answer || call.is_answer;
      if (!call.is_custom) continue;
      out.emplace_back(
          llm::ToolCallArguments{key.first, call.index, unwrapped(std::move(call.held))});
    }
    if (has_json_answer) settle_finish(finished.finish, calls_left_[finished.choice]);
    out.emplace_back(std::move(finished));
  }

  std::unique_ptr<StreamDecoder> decoder_;
  DecodeHints hints_;
  std::vector<llm::Delta> deltas_;
  std::map<Key, Call> calls_;
  std::map<std::int64_t, std::int64_t> calls_left_;  // of each choice: calls that stay calls
};

}  // namespace

void reshape(llm::Reply& reply, const DecodeHints& hints) {
  if (hints.json_tool.empty() && hints.custom_tools.empty()) return;
  for (llm::Choice& choice : reply.choices) reshape(choice, hints);
}

std::unique_ptr<StreamDecoder> reshaped(std::unique_ptr<StreamDecoder> decoder,
                                        const DecodeHints& hints) {
  if (hints.json_tool.empty() && hints.custom_tools.empty()) return decoder;
  return std::make_unique<Reshaper>(std::move(decoder), hints);
}

}  // namespace gatehouse::dialects
