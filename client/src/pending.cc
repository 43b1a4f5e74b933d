#include "gatehouse/pending.h"

#include "client/src/pending_front.h"

namespace gatehouse::client {

template <class T>
Pending<T>::Pending(std::unique_ptr<Front> front) : front_(std::move(front)) {}
template <class T>
Pending<T>::Pending(Pending&&) noexcept = default;
template <class T>
Pending<T>& Pending<T>::operator=(Pending&&) noexcept = default;
template <class T>
Pending<T>::~Pending() = default;

template <class T>
bool Pending<T>::await_ready() const {
  return front_->slot->has_outcome();
}
template <class T>
bool Pending<T>::await_suspend(std::coroutine_handle<> waiting) {
  return front_->slot->resume_later(waiting);
}
template <class T>
T Pending<T>::await_resume() {
  return value_or_raise(front_->slot->wait());
}
template <class T>
T Pending<T>::get() {
  return value_or_raise(front_->slot->wait());
}

template class Pending<LLMResponse>;
template class Pending<Embeddings>;

}  // namespace gatehouse::client
