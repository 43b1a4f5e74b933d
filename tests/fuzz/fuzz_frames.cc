// Every framing of streams: the same frames however the bytes are cut.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "http/framing/frame.h"

namespace {

std::string frames_of(std::string_view type, std::string_view text, std::size_t cut) {
  const auto parser = gatehouse::http::make_frame_parser(type);
  std::string seen;
  std::vector<gatehouse::http::Frame> frames;
  for (const std::string_view part : {text.substr(0, cut), text.substr(cut)}) {
    frames.clear();
    const auto fed = parser->feed(part, frames);
    for (const auto& frame : frames)
      seen.append(frame.name).append("|").append(frame.data).append("\n");
    if (!fed) return seen + "!";
  }
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  constexpr std::array<std::string_view, 3> kTypes = {"text/event-stream", "application/x-ndjson",
                                                      "application/vnd.amazon.eventstream"};
  for (const std::string_view type : kTypes) {
    if (frames_of(type, text, size) != frames_of(type, text, size / 2)) std::abort();
  }
  return 0;
}
