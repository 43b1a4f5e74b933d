// Instead of the gateway's base/spare_memory.cc: a library leaves its program's allocator alone.
#include "base/spare_memory.h"

namespace gatehouse {

void release_spare_memory() {}

}  // namespace gatehouse
