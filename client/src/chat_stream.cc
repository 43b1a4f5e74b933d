#include "gatehouse/chat_stream.h"

#include "client/src/assemble.h"
#include "client/src/stream_front.h"

namespace gatehouse::client {

ChatStream::ChatStream(std::unique_ptr<Front> front) : front_(std::move(front)) {}
ChatStream::ChatStream(ChatStream&&) noexcept = default;
ChatStream& ChatStream::operator=(ChatStream&&) noexcept = default;
ChatStream::~ChatStream() = default;

const ChatDelta* ChatStream::next() {
  const std::function<void()> wake_loop = [this] {
    front_->call.engine().post([flow = front_->flow] { flow->make_room(); });
  };
  for (;;) {
    std::optional<Flow::Step> step = value_or_raise(front_->flow->next(wake_loop));
    if (!step) {
      finish(front_->answer, front_->calling);
      return nullptr;
    }
    if (auto* head = std::get_if<LLMResponse>(&*step)) {
      front_->answer = std::move(*head);
      continue;
    }
    std::optional<ChatDelta> delta = take(std::move(std::get<llm::Delta>(*step)), front_->answer);
    if (!delta) continue;
    front_->current = std::move(*delta);
    return &front_->current;
  }
}

const LLMResponse& ChatStream::response() const { return front_->answer; }

ChatStream send_for_stream(std::shared_ptr<Engine> engine, Question question,
                           const std::stop_token& cancel) {
  auto front = std::make_unique<ChatStream::Front>(std::move(engine));
  front->calling = question.calling;
  std::move_only_function<void()> call = [&engine = front->call.engine(), flow = front->flow,
                                          stop = front->call.stop(),
                                          question = std::move(question)]() mutable {
    engine.spawn(stream_chat(engine, std::move(flow), std::move(stop), std::move(question)));
  };
  front->call.begin(std::move(call), cancel);
  return ChatStream(std::move(front));
}

}  // namespace gatehouse::client
