#include "providers/signers/azure.h"

#include "base/percent.h"
#include "base/text.h"
#include "providers/signers/api_key.h"
#include "providers/signers/digest.h"
#include "providers/signers/token_answer.h"

namespace gatehouse::providers {
namespace {

constexpr std::string_view kPublicAuthority = "https://login.microsoftonline.com";
constexpr std::string_view kUsualScope = "https://cognitiveservices.azure.com/.default";

std::string_view or_else(std::string_view said, std::string_view otherwise) {
  return said.empty() ? otherwise : said;
}

void append_form(std::string& body, std::string_view name, std::string_view value) {
  if (!body.empty()) body += '&';
  body.append(name).append("=");
  append_percent_encoded(body, value);
}

Result<UpstreamUrl> token_url(const SignInput& input) {
  std::string text(or_else(input.options.find(kAuthorityHost), kPublicAuthority));
  if (text.find("://") == std::string::npos) text.insert(0, "https://");
  const std::optional<BaseUrl> base = split_base_url(text);
  if (!base) {
    return fail(gateway_error(ErrorCode::invalid_config, "AZURE_AUTHORITY_HOST is no URL such as " +
                                                             std::string(kPublicAuthority) + "."));
  }
  UpstreamUrl url{base->scheme, std::string(base->host), base->port, std::string(base->path)};
  url.target += '/';
  append_percent_encoded(url.target, trimmed(input.options.find(kEntraTenant)));
  url.target += "/oauth2/v2.0/token";
  return url;
}

}  // namespace

std::string AzureSigner::grant_id(const SignInput& input) const {
  const std::string_view client = input.options.find(kEntraClient);
  if (client.empty() || !input.options.find(kAzureToken).empty()) return {};
  return name_of_secrets({client, input.options.find(kEntraSecret),
                          input.options.find(kEntraTenant), input.options.find(kEntraScope),
                          input.options.find(kAuthorityHost)});
}

Result<GrantCall> AzureSigner::grant_call(const SignInput& input) const {
  for (const std::string_view part : {kEntraSecret, kEntraTenant}) {
    if (!input.options.find(part).empty()) continue;
    return fail(client_error(ErrorCode::missing_provider_key,
                             "The Entra credential for provider '" + std::string(input.row.id) +
                                 "' has no " + config_field_of(part) + ". Send x-portkey-" +
                                 std::string(part) + " with it, or set it in the virtual key."));
  }
  Result<UpstreamUrl> url = token_url(input);
  if (!url) return fail(url.error());
  GrantCall call;
  call.url = std::move(*url);
  call.fields.add("content-type", "application/x-www-form-urlencoded");
  append_form(call.body, "grant_type", "client_credentials");
  append_form(call.body, "client_id", trimmed(input.options.find(kEntraClient)));
  append_form(call.body, "client_secret", trimmed(input.options.find(kEntraSecret)));
  append_form(call.body, "scope", or_else(input.options.find(kEntraScope), kUsualScope));
  return call;
}

Result<Grant> AzureSigner::read_grant(std::string_view answer, WallTime now) const {
  return read_token_answer(answer, "Entra ID", now);
}

Result<void> AzureSigner::sign(const SignInput& input, const Grant* grant,
                               http::FieldLines& fields) const {
  if (grant != nullptr) {
    add_bearer(*grant, fields);
    return {};
  }
  const std::string_view token = input.options.find(kAzureToken);
  if (token.empty()) return ApiKeyHeaderSigner().sign(input, nullptr, fields);
  const Result<std::string_view> clean = clean_key(input.row, Secret(std::string(token)));
  if (!clean) return fail(clean.error());
  fields.add("authorization", "Bearer " + std::string(trimmed(token)));
  return {};
}

}  // namespace gatehouse::providers
