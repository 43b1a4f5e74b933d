// Memory for coroutine frames: free lists by size, one set a thread. A request makes some twenty
// frames, many of them larger than what the allocator keeps at hand; here each costs a few
// instructions.
#pragma once

#include <array>
#include <cstddef>
#include <new>

namespace gatehouse::async {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define GATEHOUSE_PLAIN_FRAMES 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define GATEHOUSE_PLAIN_FRAMES 1
#endif
#endif

/// Frames are freed on the thread that made them, as everything of a loop.
class FramePool {
 public:
  static void* take(std::size_t size);
  static void give_back(void* frame, std::size_t size) noexcept;
  /// Frees what this thread's lists keep.
  static void trim() { here().clear(); }

 private:
  static constexpr std::size_t kStep = 128;
  static constexpr std::size_t kClasses = 40;   // up to 5 KiB; larger frames are rare
  static constexpr std::size_t kMaxKept = 256;  // of each size, so that a burst is given back
  struct Free {
    Free* next;
  };
  struct List {
    Free* first = nullptr;
    std::size_t length = 0;
  };
  ~FramePool() { clear(); }
  void clear();
  FramePool() = default;
  static FramePool& here();
  std::array<List, kClasses> lists_;
};

/// Base of promises: their frames come from the pool. Sanitizers see plain allocations instead, so
/// that a use after free is found.
struct PooledFrame {
#ifndef GATEHOUSE_PLAIN_FRAMES
  static void* operator new(std::size_t size) { return FramePool::take(size); }
  static void operator delete(void* frame, std::size_t size) noexcept {
    FramePool::give_back(frame, size);
  }
#endif
};

}  // namespace gatehouse::async
