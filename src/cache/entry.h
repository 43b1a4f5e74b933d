// An answer that is kept.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "cache/key.h"
#include "llm/usage.h"

namespace gatehouse::cache {

/// What a document tells about itself.
struct Told {
  std::string model;
  std::string finish_reason;
  std::optional<llm::Usage> usage;
};

struct Entry {
  std::string body;  // the JSON document that a client gets who asks for no stream
  WallTime created{};
  WallTime expires{};
  std::optional<Told> told;  // so that nobody looks again; not on disk
  // Of an answer that similar questions may get as well; otherwise `vector` is empty.
  Key scope;                  // what such a question must have in common with this one
  std::vector<float> vector;  // what this one means, of length 1

  bool is_expired(WallTime now) const { return now >= expires; }
  /// Young enough for a client that wants nothing older than `max_age`.
  bool is_fresh(WallTime now, std::chrono::seconds max_age) const {
    return !is_expired(now) && now - created < max_age;
  }
  /// The memory that it takes, its place in a table included.
  std::size_t cost() const {
    constexpr std::size_t kPlace = 200;
    return kPlace + sizeof(Entry) + body.capacity() + vector.capacity() * sizeof(float);
  }
};

/// Shared by all threads that give the answer at the same time.
using EntryPtr = std::shared_ptr<const Entry>;

struct Kept {
  Key key;
  EntryPtr entry;
};

}  // namespace gatehouse::cache
