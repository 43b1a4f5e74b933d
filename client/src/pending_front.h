// The user's side of a call whose answer comes whole, and how such a call begins.
#pragma once

#include <memory>

#include "client/src/ask.h"
#include "client/src/failure.h"
#include "client/src/front.h"
#include "client/src/slot.h"
#include "gatehouse/pending.h"

namespace gatehouse::client {

template <class T>
class Pending<T>::Front {
 public:
  explicit Front(std::shared_ptr<Engine> engine) : call(std::move(engine)) {}
  Front(const Front&) = delete;
  Front& operator=(const Front&) = delete;
  ~Front() {
    slot->abandon();
    if (!slot->has_outcome()) call.cancel();
  }

  CallFront call;
  std::shared_ptr<Slot<T>> slot = std::make_shared<Slot<T>>();
};

template <class T>
using Ask = async::Task<T> (*)(Engine& engine, const Question& question);

/// On the loop: asks, until the answer, the deadline or the user's stop comes.
template <class T>
// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the engine outlives its calls
async::Task<void> run_call(Engine& engine, std::shared_ptr<Slot<T>> slot,
                           std::shared_ptr<Stop> stop, Question question, Ask<T> ask) {
  async::Deadline deadline([](void* context) { static_cast<Stop*>(context)->time_out(); },
                           stop.get());
  if (question.timeout.count() > 0) deadline.arm(question.timeout);
  Result<T> answer =
      co_await as_result(async::until(ask(engine, question), stop->trigger(), Error{}));
  deadline.cancel();
  if (answer) {
    slot->finish(std::move(*answer), engine.resumer());
  } else {
    const Error& error = stop->trigger().has_fired() ? stop->error() : *answer.error();
    slot->finish(std::unexpected(failure_of(error, *question.route)), engine.resumer());
  }
}

/// Sends the question off.
template <class T>
Pending<T> send(std::shared_ptr<Engine> engine, Question question, Ask<T> ask,
                const std::stop_token& cancel) {
  auto front = std::make_unique<typename Pending<T>::Front>(std::move(engine));
  std::move_only_function<void()> call = [&engine = front->call.engine(), slot = front->slot,
                                          stop = front->call.stop(), question = std::move(question),
                                          ask]() mutable {
    engine.spawn(run_call<T>(engine, std::move(slot), std::move(stop), std::move(question), ask));
  };
  front->call.begin(std::move(call), cancel);
  return Pending<T>(std::move(front));
}

}  // namespace gatehouse::client
