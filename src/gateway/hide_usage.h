// A client that did not ask for the usage of its stream gets the stream that it would have got: the
// gateway asked for the record's sake, so the gateway takes it out again.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "async/block.h"
#include "usage/event_cutter.h"
#include "usage/meter.h"

namespace gatehouse::gateway {

/// Works on text/event-stream bytes in the OpenAI shape, cut anywhere. Drops events whose `choices`
/// is empty and whose `usage` is an object, and the `"usage":null` that asking adds to all others.
/// All other bytes pass untouched, where they are. One thread at a time.
class UsageHider {
 public:
  /// Leaves in the chunk what may go on of it, and of what was held back; an event whose end has
  /// not come is held back. With the last chunk all of it goes on. The meter, if there is one, is
  /// shown what came.
  void pass(async::Chunk& chunk, usage::Meter* meter);
  /// What is left at the end.
  std::string finish();

 private:
  /// What is taken out of an event: all of it, or some bytes.
  struct Cut {
    std::size_t begin = 0;
    std::size_t end = 0;
  };
  static Cut cut_of(std::string_view event);
  Cut cut_of(const usage::EventPart& part);
  template <class Keep>
  void pass(std::string_view bytes, usage::Meter* meter, const Keep& keep);

  usage::EventCutter cutter_;
  Cut cut_;  // of the last event that was not like another
  std::string held_;
};

}  // namespace gatehouse::gateway
