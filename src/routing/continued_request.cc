#include "json/scan.h"
#include "routing/recover_stream.h"

namespace gatehouse::routing {
namespace {

constexpr std::string_view kAsking =
    "The connection broke while you were answering. Go on with your answer from exactly where your "
    "text above ends: start with the very next character, repeat nothing, and say nothing about "
    "the interruption.";

std::string message(std::string_view role, std::string_view content) {
  return R"({"role":")" + std::string(role) + R"(","content":)" + json::quote(content) + "}";
}

}  // namespace

Result<std::string> continued_request(std::string_view body, const Continuation& continuation) {
  const Result<std::vector<json::Member>> members = json::scan_object(body);
  if (!members) return std::unexpected(members.error());
  const json::Member* const messages = json::find(*members, "messages");
  if (messages == nullptr || !messages->is_array()) {
    return fail(
        client_error(ErrorCode::invalid_request, "'messages' must be an array.", "messages"));
  }
  const Result<std::vector<std::string_view>> list = json::scan_array(messages->value);
  if (!list) return std::unexpected(list.error());
  std::string text = continuation.text;
  if (continuation.by == ContinueBy::prefill) {
    // Providers that take a prefill refuse one that ends with a blank.
    text.resize(text.find_last_not_of(" \t\r\n") + 1);
  }
  std::string added = list->empty() ? "" : ",";
  added += message("assistant", text);
  if (continuation.by == ContinueBy::asking) added += "," + message("user", kAsking);
  std::string out(body);
  const std::size_t end = messages->value_offset + messages->value.find_last_of(']');
  return out.insert(end, added);
}

}  // namespace gatehouse::routing
