#include "providers/signers/google.h"

#include <chrono>

#include "base/percent.h"
#include "base/text.h"
#include "json/scan.h"
#include "providers/signers/digest.h"
#include "providers/signers/token_answer.h"

namespace gatehouse::providers {
namespace {

constexpr std::string_view kTokenUrl = "https://oauth2.googleapis.com/token";
constexpr std::string_view kScope = "https://www.googleapis.com/auth/cloud-platform";
constexpr std::string_view kGrantType = "urn:ietf:params:oauth:grant-type:jwt-bearer";
constexpr std::chrono::seconds kLife{3600};  // the longest that Google allows

std::string_view service_account(const SignInput& input) {
  const std::string_view said = trimmed(input.options.find(kServiceAccount));
  if (!said.empty()) return said;
  const std::string_view key = trimmed(input.key.reveal());
  return key.starts_with('{') ? key : std::string_view{};
}

std::string text_member(const std::vector<json::Member>& members, std::string_view key) {
  const json::Member* member = json::find(members, key);
  return member == nullptr ? std::string() : json::unescape(member->value).value_or("");
}

struct Account {
  std::string email;
  std::string key_id;
  std::string private_key;
  std::string token_url;
};

Result<Account> read_account(std::string_view text) {
  Account account;
  if (const Result<std::vector<json::Member>> members = json::scan_object(text)) {
    account = {text_member(*members, "client_email"), text_member(*members, "private_key_id"),
               text_member(*members, "private_key"), text_member(*members, "token_uri")};
  }
  if (account.token_url.empty()) account.token_url = kTokenUrl;
  if (!account.email.empty() && !account.private_key.empty()) return account;
  return fail(client_error(ErrorCode::unauthorized,
                           "vertex_service_account_json is not the JSON of a service account: it "
                           "must be an object with client_email and private_key."));
}

std::string claims_of(const Account& account, WallTime now) {
  const auto issued = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch();
  std::string text = R"({"iss":)" + json::quote(account.email);
  text += R"(,"sub":)" + json::quote(account.email);
  text += R"(,"aud":)" + json::quote(account.token_url);
  text += R"(,"scope":)" + json::quote(kScope);
  text += R"(,"iat":)" + std::to_string(issued.count());
  return text + R"(,"exp":)" + std::to_string((issued + kLife).count()) + "}";
}

/// A JWT in compact form (RFC 7519).
Result<std::string> assertion_of(const Account& account, WallTime now) {
  std::string header = R"({"alg":"RS256","typ":"JWT")";
  if (!account.key_id.empty()) header += R"(,"kid":)" + json::quote(account.key_id);
  header += "}";
  std::string text = to_base64url(header) + "." + to_base64url(claims_of(account, now));
  const Result<std::string> signature = sign_rs256(account.private_key, text);
  if (!signature) return fail(signature.error());
  return text + "." + to_base64url(*signature);
}

}  // namespace

std::string GoogleSigner::grant_id(const SignInput& input) const {
  const std::string_view account = service_account(input);
  return account.empty() ? std::string() : name_of_secrets({account});
}

Result<GrantCall> GoogleSigner::grant_call(const SignInput& input) const {
  const Result<Account> account = read_account(service_account(input));
  if (!account) return fail(account.error());
  const std::optional<BaseUrl> url = split_base_url(account->token_url);
  if (!url) {
    return fail(client_error(
        ErrorCode::unauthorized,
        "The token_uri of the service account is no URL such as " + std::string(kTokenUrl) + "."));
  }
  const Result<std::string> assertion = assertion_of(*account, input.now);
  if (!assertion) return fail(assertion.error());
  GrantCall call;
  call.url = {url->scheme, std::string(url->host), url->port, std::string(url->path)};
  call.fields.add("content-type", "application/x-www-form-urlencoded");
  call.body = "grant_type=";
  append_percent_encoded(call.body, kGrantType);
  call.body += "&assertion=" + *assertion;
  return call;
}

Result<Grant> GoogleSigner::read_grant(std::string_view answer, WallTime now) const {
  return read_token_answer(answer, "Google's token endpoint", now);
}

Result<void> GoogleSigner::sign(const SignInput& input, const Grant* grant,
                                http::FieldLines& fields) const {
  if (grant != nullptr) {
    add_bearer(*grant, fields);
    return {};
  }
  const Result<std::string_view> token = usable_key(input.row, input.key);
  if (!token) return fail(token.error());
  fields.add("authorization", "Bearer " + std::string(*token));
  return {};
}

std::string project_of_service_account(std::string_view text) {
  const Result<std::vector<json::Member>> members = json::scan_object(text);
  return members ? text_member(*members, "project_id") : std::string();
}

}  // namespace gatehouse::providers
