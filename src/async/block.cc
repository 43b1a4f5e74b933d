#include "async/block.h"

#include <cstdlib>
#include <new>
#include <vector>

namespace gatehouse::async {
namespace {

// A loop that gathers sixteen messages holds as many; little enough to be no memory worth naming.
constexpr std::size_t kKept = 24;

struct Pool {
  std::vector<char*> free;
  Pool() { free.reserve(kKept); }
  ~Pool() { clear(); }
  void clear() {
    for (char* bytes : free) std::free(bytes);
    free.clear();
  }
};
thread_local Pool pool;

}  // namespace

Block Block::take() {
  if (!pool.free.empty()) {
    char* const bytes = pool.free.back();
    pool.free.pop_back();
    return Block(bytes);
  }
  auto* const bytes = static_cast<char*>(std::malloc(kBlockSize));
  if (bytes == nullptr) throw std::bad_alloc();
  return Block(bytes);
}

void Block::trim() { pool.clear(); }

void Block::give_back(char* bytes) {
  if (pool.free.size() < kKept) {
    pool.free.push_back(bytes);
  } else {
    std::free(bytes);
  }
}

}  // namespace gatehouse::async
