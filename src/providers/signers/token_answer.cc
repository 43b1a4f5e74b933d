#include "providers/signers/token_answer.h"

#include <chrono>

#include "base/text.h"
#include "json/scan.h"

namespace gatehouse::providers {
namespace {

constexpr std::chrono::seconds kUsualLife{3600};

}  // namespace

Result<Grant> read_token_answer(std::string_view answer, std::string_view whose, WallTime now) {
  const Result<std::vector<json::Member>> members = json::scan_object(answer);
  const json::Member* token = members ? json::find(*members, "access_token") : nullptr;
  std::optional<std::string> text = token != nullptr ? json::unescape(token->value) : std::nullopt;
  if (!text || text->empty() || has_control_byte(*text)) {
    return fail(upstream_error(ErrorCode::upstream_malformed,
                               std::string(whose) + " answered without an access token."));
  }
  Grant grant;
  grant.token = Secret(std::move(*text));
  grant.expires = now + kUsualLife;
  if (const json::Member* life = json::find(*members, "expires_in")) {
    const std::string_view raw = life->value;
    const std::string_view digits = life->is_string() ? raw.substr(1, raw.size() - 2) : raw;
    if (const auto seconds = parse_number<std::uint32_t>(digits)) {
      grant.expires = now + std::chrono::seconds(*seconds);
    }
  }
  return grant;
}

void add_bearer(const Grant& grant, http::FieldLines& fields) {
  fields.add("authorization", "Bearer " + std::string(grant.token.reveal()));
}

}  // namespace gatehouse::providers
