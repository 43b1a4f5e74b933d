// Where responses are kept for requests that go on with them.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace gatehouse::responses {

struct StoredResponse {
  std::string id;     // "resp_..."
  std::string owner;  // id of the gateway key; empty for nobody
  WallTime created{};
  std::string input;  // JSON list: all items that the model read, earlier turns included
  std::string body;   // the response object, as the client got it
};

/// How long a response is kept.
inline constexpr std::chrono::days kKept{30};

/// Thread-safe; may block, so it is asked from a background thread. Fails open: a gateway without
/// it answers all the same, only that nobody can go on with the answer.
class ResponseStore {
 public:
  virtual ~ResponseStore() = default;
  /// Replaces one with the same id and owner; drops those older than kKept. Error: store.
  virtual Result<void> put(const StoredResponse& response) = 0;
  /// Nothing for an id that is unknown or another owner's. Error: store.
  virtual Result<std::optional<StoredResponse>> find(std::string_view id,
                                                     std::string_view owner) = 0;
  /// Whether there was one. Error: store.
  virtual Result<bool> remove(std::string_view id, std::string_view owner) = 0;
};

}  // namespace gatehouse::responses
