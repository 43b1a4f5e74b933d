#include "cache/canonical_body.h"

#include <algorithm>

namespace gatehouse::cache {
namespace {

/// What stands between strings, without blanks.
void append_tokens(std::string_view tokens, std::string& out) {
  for (const char c : tokens) {
    if (c != ' ' && c != '\n' && c != '\t' && c != '\r') out.push_back(c);
  }
}

/// The bytes of the string with which `json` begins, quotes included. Most of a request is text, so
/// it is looked through by the library's search for a byte.
std::size_t string_size(std::string_view json) {
  for (std::size_t end = json.find('"', 1); end != std::string_view::npos;
       end = json.find('"', end + 1)) {
    std::size_t slashes = 0;
    while (json[end - 1 - slashes] == '\\') ++slashes;
    if (slashes % 2 == 0) return end + 1;
  }
  return json.size();
}

}  // namespace

void append_compact(std::string_view json, std::string& out) {
  while (!json.empty()) {
    const std::size_t quote = std::min(json.find('"'), json.size());
    append_tokens(json.substr(0, quote), out);
    json.remove_prefix(quote);
    const std::size_t end = string_size(json);
    out.append(json.substr(0, end));
    json.remove_prefix(end);
  }
}

std::optional<std::string> canonical_body(std::string_view body) {
  const Result<std::vector<json::Member>> scanned = json::scan_object(body);
  if (!scanned) return std::nullopt;
  return canonical_members(*scanned);
}

std::string canonical_members(const std::vector<json::Member>& all) {
  std::vector<const json::Member*> members;
  members.reserve(all.size());
  std::size_t size = 2;
  for (const json::Member& member : all) {
    if (member.has_key("stream") || member.has_key("stream_options")) continue;
    members.push_back(&member);
    size += member.key.size() + member.value.size() + 4;
  }
  // Stable, since of a key that stands twice the last one counts.
  std::ranges::stable_sort(members, {}, &json::Member::key);
  std::string out;
  out.reserve(size);
  out += '{';
  for (const json::Member* member : members) {
    out += '"';
    out += member->key;
    out += "\":";
    append_compact(member->value, out);
    out += ',';
  }
  out += '}';
  return out;
}

}  // namespace gatehouse::cache
