#include "logs/redact.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.h"
#include "logs/credential_scan.h"
#include "logs/folded_text.h"

namespace gatehouse::logs {
std::string masked_secret(std::string_view secret) {
  constexpr std::size_t kLongEnough = 16;
  constexpr std::string_view kStars = "********";
  if (secret.size() < kLongEnough) return std::string(kStars);
  return std::string(secret.substr(0, 2)).append(kStars).append(secret.substr(secret.size() - 3));
}

void redact_headers(Pairs& headers, std::span<const std::string_view> sensitive) {
  for (auto& [name, value] : headers) {
    const bool is_named = std::ranges::any_of(
        sensitive, [&](std::string_view other) { return equals_ignoring_case(other, name); });
    if (is_named || is_credential_name(name)) {
      value = masked_secret(value);
    } else {
      redact_body(value);
    }
  }
}

void redact_body(std::string& body) {
  std::optional<Extent> found = next_credential(body, 0);
  if (!found) return;
  std::string out;
  std::size_t copied = 0;
  while (found) {
    out.append(body, copied, found->begin - copied);
    out += masked_secret(std::string_view(body).substr(found->begin, found->end - found->begin));
    copied = found->end;
    found = next_credential(body, copied);
  }
  out.append(body, copied);
  body = std::move(out);
}

namespace {

/// What replaces strings in a folded body stands inside of them, so it is no field. A body with a
/// credential does not stay folded.
void redact_logged(LoggedBody& body) {
  if (!body.is_folded) return redact_body(body.text);
  if (!next_credential(pieces_as_is(body.text), 0)) return;
  body.text = unfolded(body.text);
  body.is_folded = false;
  redact_body(body.text);
}

}  // namespace

void redact(LogRecord& record) {
  redact_headers(record.headers);
  redact_logged(record.request);
  redact_logged(record.response);
}

}  // namespace gatehouse::logs
