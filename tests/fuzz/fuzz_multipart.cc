// A multipart body under any boundary.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "gateway/multipart.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  const std::size_t line = std::min(text.find('\n'), text.size());
  const std::string type = "multipart/form-data; boundary=" + text.substr(0, line);
  const std::string body = text.substr(std::min(line + 1, text.size()));
  const auto found = gatehouse::gateway::find_form_field(body, type, "model");
  if (found && *found && (**found).size() > body.size()) std::abort();
  return 0;
}
