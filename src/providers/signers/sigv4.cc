#include "providers/signers/sigv4.h"

#include <algorithm>
#include <chrono>

#include "base/percent.h"
#include "base/text.h"
#include "providers/signers/digest.h"

namespace gatehouse::providers {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view kEnd = "aws4_request";
constexpr std::size_t kDayLength = 8;  // of 20150830T123600Z

std::string canonical_path(std::string_view path) {
  std::string out;
  append_percent_encoded(out, path.empty() ? "/" : path, "/");
  return out;
}

std::string canonical_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const std::string_view part : split_list(query, '&')) {
    const std::size_t equals = part.find('=');
    const bool has_value = equals != std::string_view::npos;
    const std::string value = has_value ? percent_decoded(part.substr(equals + 1)) : std::string();
    auto& pair = pairs.emplace_back();
    append_percent_encoded(pair.first, percent_decoded(part.substr(0, equals)));
    append_percent_encoded(pair.second, value);
  }
  std::ranges::sort(pairs);
  std::string out;
  for (const auto& [name, value] : pairs) {
    if (!out.empty()) out += '&';
    out.append(name).append("=").append(value);
  }
  return out;
}

/// Trimmed, with each run of blanks as one.
std::string folded(std::string_view value) {
  std::string out;
  for (const char c : trimmed(value)) {
    if (c == ' ' && out.ends_with(' ')) continue;
    out += c;
  }
  return out;
}

std::string signed_names(const SigV4Request& request) {
  std::string out;
  for (const auto& [name, value] : request.fields) {
    if (!out.empty()) out += ';';
    out += name;
  }
  return out;
}

std::string canonical_request(const SigV4Request& request) {
  const std::size_t question = std::min(request.target.find('?'), request.target.size());
  std::string out(request.method);
  out += '\n' + canonical_path(request.target.substr(0, question)) + '\n';
  if (question < request.target.size()) out += canonical_query(request.target.substr(question + 1));
  out += '\n';
  for (const auto& [name, value] : request.fields) {
    out.append(name).append(":").append(folded(value)).append("\n");
  }
  return out + '\n' + signed_names(request) + '\n' + to_hex(sha256(request.body));
}

std::string_view date_of(const SigV4Request& request) {
  for (const auto& [name, value] : request.fields) {
    if (name == "x-amz-date") return value;
  }
  return {};
}

}  // namespace

std::string amz_date(WallTime time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  std::string out;
  const auto append = [&out](std::int64_t value, std::size_t width) {
    const std::string digits = std::to_string(value);
    out.append(width - std::min(width, digits.size()), '0').append(digits);
  };
  append(static_cast<int>(date.year()), 4);
  append(static_cast<unsigned>(date.month()), 2);
  append(static_cast<unsigned>(date.day()), 2);
  out += 'T';
  append(clock.hours().count(), 2);
  append(clock.minutes().count(), 2);
  append(clock.seconds().count(), 2);
  return out + 'Z';
}

std::string sigv4_request_hash(SigV4Request request) {
  std::ranges::sort(request.fields);
  return to_hex(sha256(canonical_request(request)));
}

std::string sigv4_authorization(const AwsKey& key, const AwsScope& scope,
                                const SigV4Request& request) {
  SigV4Request sorted = request;
  std::ranges::sort(sorted.fields);
  const std::string_view date = date_of(sorted);
  const std::string day(date.substr(0, kDayLength));
  std::string scope_text = day;
  scope_text.append("/").append(scope.region).append("/").append(scope.service);
  scope_text.append("/").append(kEnd);
  std::string text(kAlgorithm);
  text.append("\n").append(date).append("\n").append(scope_text).append("\n");
  text += to_hex(sha256(canonical_request(sorted)));

  std::string secret = hmac_sha256("AWS4" + std::string(key.secret), day);
  secret = hmac_sha256(secret, scope.region);
  secret = hmac_sha256(secret, scope.service);
  secret = hmac_sha256(secret, kEnd);
  std::string out(kAlgorithm);
  out.append(" Credential=").append(key.id).append("/").append(scope_text);
  out.append(", SignedHeaders=").append(signed_names(sorted));
  out.append(", Signature=").append(to_hex(hmac_sha256(secret, text)));
  return out;
}

}  // namespace gatehouse::providers
