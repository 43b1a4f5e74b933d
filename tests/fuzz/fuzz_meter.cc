// Meters and the hiding of usage, over any bytes cut in two.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "gateway/hide_usage.h"
#include "usage/meter.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  gatehouse::usage::EventMeter whole;
  whole.see(text);
  whole.finish();
  gatehouse::usage::EventMeter halves;
  halves.see(text.substr(0, size / 2));
  halves.see(text.substr(size / 2));
  halves.finish();
  if (whole.findings().usage != halves.findings().usage) std::abort();
  if (whole.findings().finish_reason != halves.findings().finish_reason) std::abort();
  gatehouse::usage::DocumentMeter document;
  document.see(text, gatehouse::usage::Part::last);
  gatehouse::gateway::UsageHider hider;
  std::string out;
  for (const std::string_view half : {text.substr(0, size / 2), text.substr(size / 2)}) {
    gatehouse::async::Chunk chunk = gatehouse::async::make_chunk(std::string(half));
    hider.pass(chunk, nullptr);
    out += chunk.view();
  }
  out += hider.finish();
  if (out.size() > text.size()) std::abort();
  return 0;
}
