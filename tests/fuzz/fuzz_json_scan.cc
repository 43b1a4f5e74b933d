// The top level of a JSON text: members lie inside it, and edits of them can be applied.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "json/scan.h"
#include "json/value.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  const auto members = gatehouse::json::scan_object(text);
  if (!members) {  // then it is no JSON to the tree parser either
    const auto tree = gatehouse::json::parse(text);
    if (tree && tree->is_object()) std::abort();
    return 0;
  }
  for (const gatehouse::json::Member& member : *members) {
    if (member.value_offset + member.value.size() > text.size()) std::abort();
  }
  gatehouse::json::ObjectPatch patch(text, *members);
  patch.set("model", "\"m\"");
  patch.remove("stream");
  const std::string edited = gatehouse::json::apply_edits(text, patch.edits());
  if (!gatehouse::json::scan_object(edited)) std::abort();
  return 0;
}
