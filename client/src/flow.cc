#include "client/src/flow.h"

#include "base/text.h"
#include "client/src/failure.h"
#include "dialects/openai_chat/openai_chat.h"
#include "http/framing/sse.h"

namespace gatehouse::client {
namespace {

using async::Task;

constexpr std::size_t kMostSteps = 256;  // held for a reader
constexpr std::chrono::milliseconds kPatienceForTheEnd{1'000};

class Deltas {
 public:
  /// Takes bytes. True: the answer is complete, whatever else may come.
  Result<bool> take(std::string_view bytes, Flow& flow) {
    std::vector<http::Frame> frames;
    if (Result<void> fed = parser_.feed(bytes, frames); !fed) return fail(fed.error());
    return take(frames, flow);
  }
  Result<void> finish(Flow& flow) {
    std::vector<http::Frame> frames;
    if (Result<void> finished = parser_.finish(frames); !finished) return finished;
    if (Result<bool> taken = take(frames, flow); !taken) return fail(taken.error());
    std::vector<llm::Delta> deltas;
    Result<void> finished = decoder_->finish(deltas);
    for (llm::Delta& delta : deltas) flow.push(std::move(delta));
    return finished;
  }

 private:
  Result<bool> take(const std::vector<http::Frame>& frames, Flow& flow) {
    for (const http::Frame& frame : frames) {
      std::vector<llm::Delta> deltas;
      Result<void> fed = decoder_->feed(frame, deltas);
      for (llm::Delta& delta : deltas) {
        if (!std::holds_alternative<llm::KeepAlive>(delta)) flow.push(std::move(delta));
      }
      if (!fed) return fail(fed.error());
      if (frame.data == "[DONE]") return true;
    }
    return false;
  }

  http::SseParser parser_;
  std::unique_ptr<dialects::StreamDecoder> decoder_ =
      dialects::OpenAiChatBackDoor().new_stream_decoder({"the gateway", {}, "0", {}, {}});
};

// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<void> read_to_the_end(http::Stream<http::Chunk>& body) {
  while (co_await body.next() != nullptr) {
  }
}

/// After the last event only the end of the body is missing. With it the connection can be used
/// again, so it is waited for, but not for long.
Task<void> close_cleanly(http::Stream<http::Chunk> body) {
  async::Timer timer(kPatienceForTheEnd);
  Error late = upstream_error(ErrorCode::request_timeout, "the stream did not end");
  co_await async::until(read_to_the_end(body), timer.trigger(), std::move(late));
}

// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<http::Stream<http::Chunk>> begin(Engine& engine, Flow& flow, const Question& question) {
  http::Answer answer = co_await open(engine, question);
  const std::string_view type = answer.head().fields.get("content-type");
  if (!starts_with_ignoring_case(type, "text/event-stream")) {
    co_return fail(
        upstream_error(ErrorCode::upstream_malformed,
                       "a stream was asked for, and the answer is '" + std::string(type) + "'"));
  }
  flow.push(response_of(answer.head()));
  co_return answer.take_body();
}

/// The stream itself. The deadline is for its beginning.
// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<void> pump(Engine& engine, Flow& flow, const Question& question, async::Deadline& deadline) {
  http::Stream<http::Chunk> body = co_await begin(engine, flow, question);
  deadline.cancel();
  Deltas deltas;
  bool is_done = false;
  while (!is_done) {
    http::Chunk* const chunk = co_await body.next();
    if (chunk == nullptr) break;
    is_done = co_await deltas.take(chunk->view(), flow);
    co_await flow.wait_for_room();
  }
  co_await deltas.finish(flow);
  flow.end({});
  if (is_done) co_await close_cleanly(std::move(body));
}

void time_out(void* stop) { static_cast<Stop*>(stop)->time_out(); }

}  // namespace

void Flow::push(Step step) {
  {
    const std::lock_guard lock(mutex_);
    steps_.push_back(std::move(step));
  }
  changed_.notify_all();
}

Task<void> Flow::wait_for_room() {
  for (;;) {
    room_.reset();
    {
      const std::lock_guard lock(mutex_);
      is_full_ = steps_.size() >= kMostSteps;
      if (!is_full_) co_return;
    }
    co_await async::Fired(room_);
  }
}

void Flow::end(std::optional<Failure> failure) {
  {
    const std::lock_guard lock(mutex_);
    if (has_ended_) return;
    has_ended_ = true;
    failure_ = std::move(failure);
  }
  changed_.notify_all();
}

Outcome<std::optional<Flow::Step>> Flow::next(const std::function<void()>& wake_loop) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return has_ended_ || !steps_.empty(); });
  if (steps_.empty()) {
    if (failure_) return std::unexpected(*failure_);
    return std::optional<Step>();
  }
  std::optional<Step> step(std::move(steps_.front()));
  steps_.pop_front();
  const bool has_room_again = is_full_ && steps_.size() < kMostSteps / 2;
  if (has_room_again) is_full_ = false;
  lock.unlock();
  if (has_room_again) wake_loop();
  return step;
}

bool Flow::has_ended() const {
  const std::lock_guard lock(mutex_);
  return has_ended_;
}

// NOLINTBEGIN(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<void> stream_chat(Engine& engine, std::shared_ptr<Flow> flow, std::shared_ptr<Stop> stop,
                       Question question) {
  // NOLINTEND(*-avoid-reference-coroutine-parameters)
  async::Deadline deadline(&time_out, stop.get());
  if (question.timeout.count() > 0) deadline.arm(question.timeout);
  Result<void> pumped = co_await as_result(
      async::until(pump(engine, *flow, question, deadline), stop->trigger(), Error{}));
  deadline.cancel();
  if (pumped) co_return;
  const Error& error = stop->trigger().has_fired() ? stop->error() : *pumped.error();
  flow->end(failure_of(error, *question.route));
}

}  // namespace gatehouse::client
