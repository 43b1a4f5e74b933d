#include "cache/canonical_body.h"

#include <algorithm>
#include <vector>

#include "json/scan.h"

namespace gatehouse::cache {

void append_compact(std::string_view json, std::string& out) {
  constexpr std::string_view kStops = "\" \t\r\n";
  while (!json.empty()) {
    const std::size_t stop = std::min(json.find_first_of(kStops), json.size());
    out.append(json.substr(0, stop));
    json.remove_prefix(stop);
    if (json.empty()) return;
    if (json.front() != '"') {
      json.remove_prefix(1);
      continue;
    }
    std::size_t end = 1;
    while (end < json.size() && json[end] != '"') end += json[end] == '\\' ? 2 : 1;
    end = std::min(end + 1, json.size());
    out.append(json.substr(0, end));
    json.remove_prefix(end);
  }
}

std::optional<std::string> canonical_body(std::string_view body) {
  const Result<std::vector<json::Member>> scanned = json::scan_object(body);
  if (!scanned) return std::nullopt;
  std::vector<const json::Member*> members;
  members.reserve(scanned->size());
  for (const json::Member& member : *scanned) {
    if (member.has_key("stream") || member.has_key("stream_options")) continue;
    members.push_back(&member);
  }
  // Stable, since of a key that stands twice the last one counts.
  std::ranges::stable_sort(members, {}, &json::Member::key);
  std::string out;
  out.reserve(body.size() + 2);
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
