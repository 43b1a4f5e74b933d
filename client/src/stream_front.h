// The user's side of a streamed answer, and how such a call begins.
#pragma once

#include <memory>

#include "client/src/flow.h"
#include "client/src/front.h"
#include "gatehouse/chat_stream.h"

namespace gatehouse::client {

class ChatStream::Front {
 public:
  explicit Front(std::shared_ptr<Engine> engine) : call(std::move(engine)) {}
  Front(const Front&) = delete;
  Front& operator=(const Front&) = delete;
  ~Front() {
    if (!flow->has_ended()) call.cancel();
  }

  CallFront call;
  std::shared_ptr<Flow> flow = std::make_shared<Flow>();
  Calling calling = Calling::tools;
  LLMResponse answer;
  ChatDelta current;
};

/// Sends the question off.
ChatStream send_for_stream(std::shared_ptr<Engine> engine, Question question,
                           const std::stop_token& cancel);

}  // namespace gatehouse::client
