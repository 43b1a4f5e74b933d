#include "gateway/multipart.h"

#include <string>

#include "base/text.h"

namespace gatehouse::gateway {
namespace {

std::unexpected<Failure> malformed(std::string why) {
  return fail(client_error(ErrorCode::invalid_request, "The multipart body " + std::move(why)));
}

/// A parameter of a field such as `form-data; name="model"`.
std::string_view parameter_of(std::string_view value, std::string_view name) {
  for (std::string_view part : split_list(value, ';')) {
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos) continue;
    if (!equals_ignoring_case(trimmed(part.substr(0, equals)), name)) continue;
    part = trimmed(part.substr(equals + 1));
    if (part.size() >= 2 && part.front() == '"' && part.back() == '"')
      part = part.substr(1, part.size() - 2);
    return part;
  }
  return {};
}

/// The name of the form field whose part's header lines are `lines`.
std::string_view name_of_part(std::string_view lines) {
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find("\r\n"), lines.size());
    const std::string_view line = lines.substr(0, end);
    constexpr std::string_view kDisposition = "content-disposition:";
    if (starts_with_ignoring_case(line, kDisposition)) {
      return parameter_of(line.substr(kDisposition.size()), "name");
    }
    lines.remove_prefix(std::min(end + 2, lines.size()));
  }
  return {};
}

}  // namespace

Result<std::optional<std::string_view>> find_form_field(std::string_view body,
                                                        std::string_view content_type,
                                                        std::string_view name) {
  const std::string_view boundary = parameter_of(content_type, "boundary");
  if (boundary.empty() || boundary.size() > 200) {
    return malformed("has no boundary: send Content-Type: multipart/form-data; boundary=...");
  }
  const std::string first = "--" + std::string(boundary);
  const std::string delimiter = "\r\n" + first;
  std::size_t at = body.starts_with(first) ? first.size() : body.find(delimiter);
  if (at == std::string_view::npos) return malformed("does not hold its boundary.");
  if (!body.starts_with(first)) at += delimiter.size();
  std::optional<std::string_view> found;
  for (;;) {
    std::string_view rest = body.substr(at);
    if (rest.starts_with("--")) return found;  // the closing delimiter
    const std::size_t line = rest.find("\r\n");
    const std::size_t blank = rest.find("\r\n\r\n");
    const std::size_t end = rest.find(delimiter);
    if (line == std::string_view::npos || end == std::string_view::npos) {
      return malformed("is cut off before its closing boundary.");
    }
    if (blank == std::string_view::npos || blank + 4 > end + 2) {
      return malformed("has a part without header lines.");
    }
    if (!found && name_of_part(rest.substr(line + 2, blank - line - 2)) == name) {
      found = blank + 4 <= end ? rest.substr(blank + 4, end - blank - 4) : std::string_view();
    }
    at += end + delimiter.size();
  }
}

}  // namespace gatehouse::gateway
