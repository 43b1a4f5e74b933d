// Giving back memory that a burst of work has left behind.
#pragma once

namespace gatehouse {

/// Hands what the allocator keeps for this thread, and what other threads have freed into it, back
/// to the system. For a thread that has become idle: costs up to a millisecond.
void release_spare_memory();

}  // namespace gatehouse
