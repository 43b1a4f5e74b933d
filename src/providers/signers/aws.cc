#include "providers/signers/aws.h"

#include <array>
#include <chrono>

#include "base/percent.h"
#include "base/text.h"
#include "providers/signers/digest.h"
#include "providers/signers/sigv4.h"

namespace gatehouse::providers {
namespace {

constexpr std::string_view kDefaultRegion = "us-east-1";

std::string_view region_of(const SignInput& input) {
  const std::string_view said = input.options.find(kAwsRegion);
  return said.empty() ? kDefaultRegion : said;
}

/// The bytes of what is to be signed, and by whom.
struct Proof {
  AwsKey key;
  std::string_view session;
  AwsScope scope;
};

void add_proof(const Proof& proof, std::string_view date, SigV4Request request,
               http::FieldLines& fields) {
  request.fields.emplace_back("x-amz-date", date);
  if (!proof.session.empty()) request.fields.emplace_back("x-amz-security-token", proof.session);
  fields.add("x-amz-date", date);
  if (!proof.session.empty()) fields.add("x-amz-security-token", proof.session);
  fields.add("authorization", sigv4_authorization(proof.key, proof.scope, request));
}

std::unexpected<Failure> missing_part(const SignInput& input, std::string_view option) {
  return fail(client_error(ErrorCode::missing_provider_key,
                           "The AWS credential for provider '" + std::string(input.row.id) +
                               "' has no " + config_field_of(option) + ". Send x-portkey-" +
                               std::string(option) + " with it, or set it in the virtual key."));
}

/// The parts of a lasting key, each fit for a header.
Result<AwsKey> lasting_key(const SignInput& input) {
  for (const std::string_view part : {kAwsKeyId, kAwsSecret}) {
    if (input.options.find(part).empty()) return missing_part(input, part);
  }
  for (const std::string_view part : {kAwsKeyId, kAwsSession}) {
    const Result<std::string_view> clean =
        clean_key(input.row, Secret(std::string(input.options.find(part))));
    if (!clean) return fail(clean.error());
  }
  return AwsKey{trimmed(input.options.find(kAwsKeyId)), trimmed(input.options.find(kAwsSecret))};
}

void append_form(std::string& body, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  body.append("&").append(name).append("=");
  append_percent_encoded(body, value);
}

/// The text of an element of a reply without attributes, such as that of STS.
std::string_view element(std::string_view xml, std::string_view name) {
  const std::string open = "<" + std::string(name) + ">";
  const std::size_t start = xml.find(open);
  if (start == std::string_view::npos) return {};
  const std::string_view rest = xml.substr(start + open.size());
  const std::size_t end = rest.find('<');
  return end == std::string_view::npos ? std::string_view{} : trimmed(rest.substr(0, end));
}

/// "2026-01-31T12:00:00Z", with or without a fraction of the second.
std::optional<WallTime> parse_time(std::string_view text) {
  if (text.size() < 20 || text[10] != 'T' || text.back() != 'Z') return std::nullopt;
  const auto part = [&](std::size_t at, std::size_t length) {
    return parse_number<int>(text.substr(at, length)).value_or(-1);
  };
  const std::chrono::year_month_day day{std::chrono::year(part(0, 4)),
                                        std::chrono::month(static_cast<unsigned>(part(5, 2))),
                                        std::chrono::day(static_cast<unsigned>(part(8, 2)))};
  if (!day.ok()) return std::nullopt;
  return WallTime(std::chrono::sys_days(day) + std::chrono::hours(part(11, 2)) +
                  std::chrono::minutes(part(14, 2)) + std::chrono::seconds(part(17, 2)));
}

Result<UpstreamUrl> sts_url(const SignInput& input) {
  UpstreamUrl url;
  url.target = "/";
  const std::string_view other = input.options.find(kAwsStsUrl);
  if (other.empty()) {
    url.host = "sts." + std::string(region_of(input)) + ".amazonaws.com";
    return url;
  }
  const std::optional<BaseUrl> base = split_base_url(other);
  if (!base) {
    return fail(gateway_error(ErrorCode::invalid_config,
                              "AWS_ENDPOINT_URL_STS is no URL such as https://sts.example.com."));
  }
  url.scheme = base->scheme;
  url.host = base->host;
  url.port = base->port;
  if (!base->path.empty()) url.target = base->path;
  return url;
}

}  // namespace

std::string AwsSigner::grant_id(const SignInput& input) const {
  const std::string_view role = input.options.find(kAwsRole);
  if (role.empty()) return {};
  return name_of_secrets({role, input.options.find(kAwsExternalId), region_of(input),
                          input.options.find(kAwsKeyId), input.options.find(kAwsSecret),
                          input.options.find(kAwsSession)});
}

Result<GrantCall> AwsSigner::grant_call(const SignInput& input) const {
  const Result<AwsKey> key = lasting_key(input);
  if (!key) return fail(key.error());
  Result<UpstreamUrl> url = sts_url(input);
  if (!url) return fail(url.error());
  GrantCall call;
  call.url = std::move(*url);
  call.body = "Action=AssumeRole&Version=2011-06-15&DurationSeconds=3600&RoleSessionName=gatehouse";
  append_form(call.body, "RoleArn", input.options.find(kAwsRole));
  append_form(call.body, "ExternalId", input.options.find(kAwsExternalId));
  constexpr std::string_view kForm = "application/x-www-form-urlencoded";
  call.fields.add("content-type", kForm);
  const std::string authority = call.url.authority();
  const std::array<std::string_view, 1> body = {call.body};
  const SigV4Request request{
      "POST", call.url.target, {{"host", authority}, {"content-type", kForm}}, body};
  const Proof proof{*key, trimmed(input.options.find(kAwsSession)), {region_of(input), "sts"}};
  add_proof(proof, amz_date(input.now), request, call.fields);
  return call;
}

Result<Grant> AwsSigner::read_grant(std::string_view answer, WallTime) const {
  const std::optional<WallTime> expires = parse_time(element(answer, "Expiration"));
  Grant grant;
  grant.key_id = Secret(std::string(element(answer, "AccessKeyId")));
  grant.secret = Secret(std::string(element(answer, "SecretAccessKey")));
  grant.token = Secret(std::string(element(answer, "SessionToken")));
  if (grant.key_id.is_empty() || grant.secret.is_empty() || grant.token.is_empty() || !expires) {
    return fail(upstream_error(ErrorCode::upstream_malformed,
                               "AWS STS answered AssumeRole without a whole set of credentials."));
  }
  grant.expires = *expires;
  return grant;
}

Result<void> AwsSigner::sign(const SignInput& input, const Grant* grant,
                             http::FieldLines& fields) const {
  Proof proof{{}, {}, {region_of(input), input.auth()}};
  if (grant != nullptr) {
    proof.key = {grant->key_id.reveal(), grant->secret.reveal()};
    proof.session = grant->token.reveal();
  } else if (input.options.find(kAwsKeyId).empty()) {
    const Result<std::string_view> bearer = usable_key(input.row, input.key);
    if (!bearer) return fail(bearer.error());
    fields.add("authorization", "Bearer " + std::string(*bearer));
    return {};
  } else {
    const Result<AwsKey> key = lasting_key(input);
    if (!key) return fail(key.error());
    proof.key = *key;
    proof.session = trimmed(input.options.find(kAwsSession));
  }
  const std::string authority = input.url.authority();
  const SigV4Request request{input.method, input.url.target, {{"host", authority}}, input.body};
  add_proof(proof, amz_date(input.now), request, fields);
  return {};
}

}  // namespace gatehouse::providers
