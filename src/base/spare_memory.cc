#include "base/spare_memory.h"

#include <malloc.h>

#include <cstddef>

// There when jemalloc takes the place of malloc, as it does in the program but not in the tests.
extern "C" int mallctl(const char* name, void* old_value, std::size_t* old_size, void* new_value,
                       std::size_t new_size) __attribute__((weak));

namespace gatehouse {

void release_spare_memory() {
  if (mallctl == nullptr) {
    malloc_trim(0);
    return;
  }
  // MALLCTL_ARENAS_ALL of jemalloc's manual is 4096. What cannot be released stays: no harm done.
  static_cast<void>(mallctl("thread.tcache.flush", nullptr, nullptr, nullptr, 0));
  static_cast<void>(mallctl("arena.4096.purge", nullptr, nullptr, nullptr, 0));
}

}  // namespace gatehouse
