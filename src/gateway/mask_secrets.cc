#include "gateway/mask_secrets.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "json/scan.h"
#include "providers/signers/signer.h"

namespace gatehouse::gateway {
namespace {

using exchange::CredentialOption;
using exchange::OptionKind;

constexpr std::size_t kTellsNothing = 4;

/// Whether a name speaks of a secret: "aws-session-token", "oracle-key-passphrase", "private_key".
bool names_secret(std::string_view name) {
  constexpr std::array<std::string_view, 6> kEndings = {"key",        "key_id",   "secret",
                                                        "passphrase", "password", "token"};
  return std::ranges::any_of(kEndings,
                             [name](std::string_view end) { return name.ends_with(end); });
}

/// A part that tells that there is a credential (an access key's id, a service account) stays here
/// as well as what its name gives away. Roles, tenants and regions help whoever reads the error.
bool is_secret_part(std::string_view option, providers::SignerId signer) {
  if (names_secret(option)) return true;
  const auto options = providers::credential_options(signer);
  const auto found = std::ranges::find(options, option, &CredentialOption::option);
  return found != options.end() && found->kind == OptionKind::whole;
}

void add(std::vector<Secret>& secrets, std::string_view text) {
  if (text.size() >= kTellsNothing) secrets.emplace_back(std::string(text));
}

/// The text, and the secrets within it if it is a JSON object.
void add_part(std::vector<Secret>& secrets, std::string_view text) {
  add(secrets, text);
  if (!trimmed(text).starts_with('{')) return;
  const Result<std::vector<json::Member>> members = json::scan_object(text);
  if (!members) return;
  for (const json::Member& member : *members) {
    if (names_secret(member.key)) add(secrets, json::unescape(member.value).value_or(""));
  }
}

/// The values of the fields that prove who pays, without their scheme.
void add_proofs(std::vector<Secret>& secrets, std::string_view lines) {
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find("\r\n"));
    lines.remove_prefix(std::min(line.size() + 2, lines.size()));
    const std::string_view name = line.substr(0, line.find(':'));
    const bool is_proof = equals_ignoring_case(name, "authorization") ||
                          equals_ignoring_case(name, "x-amz-security-token");
    if (!is_proof || name.size() == line.size()) continue;
    std::string_view value = trimmed(line.substr(name.size() + 1));
    if (starts_with_ignoring_case(value, "Bearer ")) value.remove_prefix(7);
    add(secrets, trimmed(value));
  }
}

void mask(std::string& text, std::string_view secret) {
  constexpr std::string_view kStars = "****";
  // On from behind the stars: a credential may itself be made of them.
  for (std::size_t at = text.find(secret); at != std::string::npos;
       at = text.find(secret, at + kStars.size())) {
    text.replace(at, secret.size(), kStars);
  }
}

std::string with_escaped_slashes(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '/') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace

std::vector<Secret> secrets_of(const Target& target, std::string_view sent_fields) {
  std::vector<Secret> secrets;
  const credentials::ResolvedTarget& resolved = target.resolved;
  if (resolved.key_source == credentials::KeySource::client) return secrets;
  add_part(secrets, resolved.key.reveal());
  for (const auto& [option, value] : resolved.fields) {
    if (is_secret_part(option, target.row->signer)) add_part(secrets, value.reveal());
  }
  add_proofs(secrets, sent_fields);
  // A secret that holds another one goes first, or its rest would stay.
  std::ranges::sort(secrets, std::ranges::greater{},
                    [](const Secret& each) { return each.reveal().size(); });
  return secrets;
}

std::string without_secrets(std::string text, const std::vector<Secret>& secrets) {
  for (const Secret& secret : secrets) {
    const std::string_view plain = secret.reveal();
    mask(text, plain);
    const std::string quoted = json::quote(plain);
    const std::string_view within = std::string_view(quoted).substr(1, quoted.size() - 2);
    mask(text, within);
    mask(text, with_escaped_slashes(within));
  }
  return text;
}

}  // namespace gatehouse::gateway
