// A client that did not ask for the usage of its stream gets the stream that it would have got: the
// gateway asked for the record's sake, so the gateway takes it out again.
#pragma once

#include <string>
#include <string_view>

namespace gatehouse::gateway {

/// Works on text/event-stream bytes in the OpenAI shape, cut anywhere. Drops events whose `choices`
/// is empty and whose `usage` is an object, and the `"usage":null` that asking adds to all others.
/// All other bytes pass untouched.
class UsageHider {
 public:
  /// What may go on now; an event whose end has not come is held back.
  std::string pass(std::string_view bytes);
  /// What is left at the end.
  std::string finish();

 private:
  void take_events(std::string& out);
  std::string held_;
};

}  // namespace gatehouse::gateway
