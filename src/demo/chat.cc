#include "demo/chat.h"

#include "demo/chat_reply.h"
#include "demo/chat_request.h"
#include "demo/checks.h"
#include "demo/event_stream.h"
#include "demo/fingerprint.h"
#include "demo/tokens.h"
#include "demo/written.h"

namespace gatehouse::demo {
namespace {

using json::Array;
using json::Object;
using json::Value;

/// What every object of one answer has in common.
struct Heading {
  std::string id;
  std::int64_t created = 0;
  std::string model;

  Object object(std::string_view kind) const {
    return {{"id", id},
            {"object", kind},
            {"created", created},
            {"model", model},
            {"system_fingerprint", "demo"}};
  }
};

Value call_body(const ToolCall& call) {
  const std::string_view key = call.kind == ToolKind::custom ? "input" : "arguments";
  return Object{{"name", call.name}, {key, call.arguments}};
}

std::string_view type_of(const ToolCall& call) {
  return call.kind == ToolKind::custom ? "custom" : "function";
}

Value message_of(const Choice& choice) {
  Object message{{"role", "assistant"}, {"content", choice.text}, {"refusal", nullptr}};
  if (choice.calls.empty()) return message;
  message["content"] = nullptr;
  if (choice.calls.front().kind == ToolKind::legacy) {
    message["function_call"] = call_body(choice.calls.front());
    return message;
  }
  Array calls;
  for (const ToolCall& call : choice.calls) {
    calls.push_back(
        Object{{"id", call.id}, {"type", type_of(call)}, {type_of(call), call_body(call)}});
  }
  message["tool_calls"] = std::move(calls);
  return message;
}

Value completion_of(const Heading& heading, const ChatReply& reply, const Value& usage) {
  Array choices;
  for (const Choice& choice : reply.choices) {
    choices.push_back(Object{{"index", choices.size()},
                             {"message", message_of(choice)},
                             {"logprobs", nullptr},
                             {"finish_reason", choice.finish_reason}});
  }
  Object completion = heading.object("chat.completion");
  completion["choices"] = std::move(choices);
  completion["usage"] = usage;
  return completion;
}

/// Writes the deltas of one reply.
class ChatStream {
 public:
  ChatStream(const Heading& heading, const ChatRequest& request, const Pace& pace)
      : heading_(heading), request_(request), events_(pace) {}

  std::vector<Chunk> write(const ChatReply& reply, const Value& usage) {
    for (const Choice& choice : reply.choices) {
      write_choice(choice);
      ++index_;
    }
    if (request_.includes_usage) {
      Object last = heading_.object("chat.completion.chunk");
      last["choices"] = Array{};
      last["usage"] = usage;
      events_.add(last);
    }
    return events_.finish();
  }

 private:
  void write_choice(const Choice& choice) {
    add({{"role", "assistant"}, {"content", choice.calls.empty() ? Value("") : Value(nullptr)}});
    for (const std::string_view token : split_tokens(choice.text)) add({{"content", token}});
    for (std::size_t i = 0; i < choice.calls.size(); ++i) write_call(choice.calls[i], i);
    add({}, Value(choice.finish_reason));
  }

  void write_call(const ToolCall& call, std::size_t index) {
    const bool is_legacy = call.kind == ToolKind::legacy;
    const std::string_view key = call.kind == ToolKind::custom ? "input" : "arguments";
    const Object start{{"name", call.name}, {key, ""}};
    if (is_legacy) {
      add({{"function_call", start}});
    } else {
      add_call(
          {{"index", index}, {"id", call.id}, {"type", type_of(call)}, {type_of(call), start}});
    }
    for (const std::string_view token : split_tokens(call.arguments)) {
      const Object part{{key, token}};
      if (is_legacy) {
        add({{"function_call", part}});
      } else {
        add_call({{"index", index}, {type_of(call), part}});
      }
    }
  }

  void add_call(Object call) { add({{"tool_calls", Array{std::move(call)}}}); }

  void add(Object delta, Value finish_reason = nullptr) {
    Object chunk = heading_.object("chat.completion.chunk");
    chunk["choices"] = Array{Object{{"index", index_},
                                    {"delta", std::move(delta)},
                                    {"logprobs", nullptr},
                                    {"finish_reason", std::move(finish_reason)}}};
    if (request_.includes_usage) chunk["usage"] = nullptr;
    events_.add(chunk);
  }

  const Heading& heading_;
  const ChatRequest& request_;
  EventStream events_;
  std::int64_t index_ = 0;
};

}  // namespace

Outcome<Answer> answer_chat(const Request& request) {
  const Outcome<Value> body = read_body(request.body);
  if (!body) return std::unexpected(body.error());
  const Outcome<ChatRequest> chat = read_chat_request(*body);
  if (!chat) return std::unexpected(chat.error());
  const Outcome<Model> model = find_model(chat->model, "demo-chat");
  if (!model) return std::unexpected(model.error());

  const ChatReply reply = reply_to(*chat);
  const Heading heading{id_of("chatcmpl-demo-", request.body), request.created, model->name};
  const Value usage = usage_of(chat->prompt_tokens, reply.completion_tokens);
  if (!chat->is_streaming) return written(completion_of(heading, reply, usage), *model);
  return streamed(ChatStream(heading, *chat, model->pace).write(reply, usage), *model);
}

}  // namespace gatehouse::demo
