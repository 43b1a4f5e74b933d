// Streams cut into events, over any bytes in two pieces: a meter that is spared the events that are
// like another finds the same, and what is folded unfolds to the same. And folded text as a disk
// may have spoilt it.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "logs/folded_text.h"
#include "usage/event_cutter.h"
#include "usage/meter.h"

namespace {

using namespace gatehouse;

void expect_same(const usage::Findings& one, const usage::Findings& other) {
  const bool is_same = one.usage == other.usage && one.model == other.model &&
                       one.finish_reason == other.finish_reason && one.error == other.error &&
                       one.is_done == other.is_done;
  if (!is_same) std::abort();
}

void cut(std::string_view text) {
  usage::EventMeter whole;
  whole.see(text);
  whole.finish();

  usage::EventMeter spared;
  usage::EventCutter cutter;
  std::string folded;
  for (std::string_view piece : {text.substr(0, text.size() / 2), text.substr(text.size() / 2)}) {
    while (!piece.empty()) {
      const usage::EventPart part = cutter.next(piece);
      if (part.is_alike) {
        logs::fold_alike(part.written, folded);
      } else {
        spared.see(part.bytes);
        logs::fold_as_is(part.bytes, folded);
      }
    }
  }
  spared.finish();
  expect_same(whole.findings(), spared.findings());
  if (logs::unfolded(folded) != text) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  cut(text);
  if (logs::unfolded(text, 1000).size() > 1000) std::abort();
  (void)logs::pieces_as_is(text);
  return 0;
}
