// The head of an upstream's answer.
#include <cstdint>
#include <cstdlib>

#include "http/head.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  gatehouse::http::ResponseHead head;
  const auto parsed = gatehouse::http::parse_response_head(text, "POST", head);
  if (parsed && (head.status < 100 || head.status > 999)) std::abort();
  return 0;
}
