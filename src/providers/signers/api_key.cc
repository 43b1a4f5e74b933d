#include "providers/signers/api_key.h"

#include <string>
#include <string_view>

#include "base/text.h"

namespace gatehouse::providers {
namespace {

constexpr std::string_view kKeyPlace = "{key}";

/// Whether there is a key to send. Blanks around it (a line end from a secret's file) are no part
/// of it.
Result<std::string_view> usable_key(const ProviderRow& row, const Secret& key) {
  const std::string_view text = trimmed(key.reveal());
  if (text.empty() && row.key == KeyNeed::required) {
    return fail(client_error(ErrorCode::missing_provider_key,
                             "Missing API key for provider '" + std::string(row.id) + "'."));
  }
  for (const char c : text) {
    if (static_cast<unsigned char>(c) > 0x20 && c != 0x7F) continue;
    return fail(client_error(ErrorCode::unauthorized,
                             "The API key for provider '" + std::string(row.id) +
                                 "' contains a blank or a control character. Send the key alone."));
  }
  return text;
}

}  // namespace

Result<void> NoSigner::sign(const ProviderRow&, const Secret&, http::FieldLines&) const {
  return {};
}

Result<void> BearerSigner::sign(const ProviderRow& row, const Secret& key,
                                http::FieldLines& fields) const {
  const Result<std::string_view> text = usable_key(row, key);
  if (!text) return fail(text.error());
  if (!text->empty()) fields.add("authorization", "Bearer " + std::string(*text));
  return {};
}

Result<void> ApiKeyHeaderSigner::sign(const ProviderRow& row, const Secret& key,
                                      http::FieldLines& fields) const {
  const Result<std::string_view> text = usable_key(row, key);
  if (!text) return fail(text.error());
  if (text->empty()) return {};
  const std::size_t colon = row.auth.find(':');
  std::string value(trimmed(row.auth.substr(colon + 1)));
  value.replace(value.find(kKeyPlace), kKeyPlace.size(), *text);
  fields.add(row.auth.substr(0, colon), value);
  return {};
}

Result<const Signer*> signer_of(const ProviderRow& row) {
  static const NoSigner none;
  static const BearerSigner bearer;
  static const ApiKeyHeaderSigner api_key_header;
  switch (row.signer) {
    case SignerId::none: return &none;
    case SignerId::bearer: return &bearer;
    case SignerId::api_key_header: return &api_key_header;
    default: break;
  }
  return fail(
      gateway_error(ErrorCode::capability_not_supported,
                    "Provider '" + std::string(row.id) +
                        "' wants a kind of signature that this gateway cannot make. Use "
                        "another provider, or put a custom host that takes a key before it."));
}

}  // namespace gatehouse::providers
