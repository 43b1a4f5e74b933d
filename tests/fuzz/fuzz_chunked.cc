// A chunked body gives the same bytes at once and byte by byte.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "http/chunked.h"

namespace {

std::string decode(std::string text, std::size_t step) {
  gatehouse::http::ChunkedDecoder decoder;
  std::string out;
  for (std::size_t at = 0; at < text.size() && !decoder.is_finished(); at += step) {
    std::string part = text.substr(at, step);
    const auto done = decoder.decode(part);
    if (!done) return out + "!";
    out.append(part, done->offset, done->payload);
    if (decoder.has_failed()) return out + "!";
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  if (decode(text, 1) != decode(text, size + 1)) std::abort();
  return 0;
}
