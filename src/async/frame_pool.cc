#include "async/frame_pool.h"

namespace gatehouse::async {

FramePool& FramePool::here() {
  thread_local FramePool pool;
  return pool;
}

void FramePool::clear() {
  for (List& list : lists_) {
    while (list.first != nullptr) {
      Free* const next = list.first->next;
      ::operator delete(list.first);
      list.first = next;
    }
    list.length = 0;
  }
}

void* FramePool::take(std::size_t size) {
  const std::size_t index = (size - 1) / kStep;
  if (index >= kClasses) return ::operator new(size);
  List& list = here().lists_[index];
  if (list.first == nullptr) return ::operator new((index + 1) * kStep);
  Free* const frame = list.first;
  list.first = frame->next;
  --list.length;
  return frame;
}

void FramePool::give_back(void* frame, std::size_t size) noexcept {
  const std::size_t index = (size - 1) / kStep;
  if (index >= kClasses) return ::operator delete(frame);
  List& list = here().lists_[index];
  if (list.length == kMaxKept) return ::operator delete(frame);
  list.first = new (frame) Free{list.first};
  ++list.length;
}

}  // namespace gatehouse::async
