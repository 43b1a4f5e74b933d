#include "providers/signers/signer.h"

#include <array>

#include "base/text.h"
#include "providers/signers/api_key.h"
#include "providers/signers/aws.h"
#include "providers/signers/azure.h"
#include "providers/signers/google.h"

namespace gatehouse::providers {
namespace {

using exchange::CredentialOption;
using exchange::OptionKind;

constexpr std::array kAwsOptions = {
    CredentialOption{kAwsKeyId, "AWS_ACCESS_KEY_ID", OptionKind::whole},
    CredentialOption{kAwsSecret, "AWS_SECRET_ACCESS_KEY"},
    CredentialOption{kAwsSession, "AWS_SESSION_TOKEN"},
    CredentialOption{kAwsRole, ""},
    CredentialOption{kAwsExternalId, ""},
    CredentialOption{kAwsStsUrl, "AWS_ENDPOINT_URL_STS", OptionKind::operators},
    CredentialOption{kAwsRegion, "AWS_REGION", OptionKind::open},
};

constexpr std::array kGoogleOptions = {
    CredentialOption{kServiceAccount, "GOOGLE_APPLICATION_CREDENTIALS_JSON", OptionKind::whole},
    CredentialOption{"vertex-project-id", "GOOGLE_CLOUD_PROJECT", OptionKind::open},
    CredentialOption{"vertex-region", "GOOGLE_CLOUD_LOCATION", OptionKind::open},
};

constexpr std::array kAzureOptions = {
    CredentialOption{kEntraClient, "AZURE_CLIENT_ID", OptionKind::whole},
    CredentialOption{kEntraSecret, "AZURE_CLIENT_SECRET"},
    CredentialOption{kEntraTenant, "AZURE_TENANT_ID"},
    CredentialOption{kEntraScope, ""},
    CredentialOption{kAzureToken, "AZURE_AD_TOKEN", OptionKind::whole},
    CredentialOption{kAuthorityHost, "AZURE_AUTHORITY_HOST", OptionKind::operators},
    CredentialOption{"azure-resource-name", "AZURE_RESOURCE_NAME", OptionKind::open},
    CredentialOption{"azure-api-version", "AZURE_API_VERSION", OptionKind::open},
};

}  // namespace

Result<GrantCall> Signer::grant_call(const SignInput&) const {
  return fail(gateway_error(ErrorCode::internal, "This signer needs no grant."));
}

Result<Grant> Signer::read_grant(std::string_view, WallTime) const {
  return fail(gateway_error(ErrorCode::internal, "This signer needs no grant."));
}

Result<const Signer*> signer_of(const ProviderRow& row) {
  static const NoSigner none;
  static const BearerSigner bearer;
  static const ApiKeyHeaderSigner api_key_header;
  static const AwsSigner aws;
  static const GoogleSigner google;
  static const AzureSigner azure;
  switch (row.signer) {
    case SignerId::none: return &none;
    case SignerId::bearer: return &bearer;
    case SignerId::api_key_header: return &api_key_header;
    case SignerId::aws_sigv4: return &aws;
    case SignerId::gcp_oauth: return &google;
    case SignerId::azure_ad: return &azure;
    case SignerId::oci_signature: break;
  }
  return fail(
      gateway_error(ErrorCode::capability_not_supported,
                    "Provider '" + std::string(row.id) +
                        "' wants a kind of signature that this gateway cannot make. Use "
                        "another provider, or put a custom host that takes a key before it."));
}

std::span<const CredentialOption> credential_options(SignerId signer) {
  switch (signer) {
    case SignerId::aws_sigv4: return kAwsOptions;
    case SignerId::gcp_oauth: return kGoogleOptions;
    case SignerId::azure_ad: return kAzureOptions;
    default: return {};
  }
}

Result<std::string_view> clean_key(const ProviderRow& row, const Secret& key) {
  const std::string_view text = trimmed(key.reveal());
  for (const char c : text) {
    if (static_cast<unsigned char>(c) > 0x20 && c != 0x7F) continue;
    return fail(client_error(ErrorCode::unauthorized,
                             "The API key for provider '" + std::string(row.id) +
                                 "' contains a blank or a control character. Send the key alone."));
  }
  return text;
}

Result<std::string_view> usable_key(const ProviderRow& row, const Secret& key) {
  Result<std::string_view> text = clean_key(row, key);
  if (text && text->empty() && row.key == KeyNeed::required) {
    return fail(client_error(ErrorCode::missing_provider_key,
                             "Missing API key for provider '" + std::string(row.id) + "'."));
  }
  return text;
}

}  // namespace gatehouse::providers
