// A request head: parsed or refused, never more; and what is parsed lies inside the bytes given.
#include <cstdint>
#include <cstdlib>

#include "http/head.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  std::size_t scanned = 0;
  const std::size_t end = gatehouse::http::find_end_of_head(text, scanned);
  gatehouse::http::RequestHead head;
  const auto parsed = gatehouse::http::parse_request_head(std::string_view(text).substr(0, end),
                                                          gatehouse::http::HeadLimits{}, head);
  if (!parsed) return 0;
  for (const gatehouse::http::Field& field : head.fields) {
    if (field.name.empty() || field.value.find('\r') != std::string_view::npos) std::abort();
  }
  return 0;
}
