// What a request says about its provider beyond the name, wherever it says it.
#pragma once

#include <string_view>

#include "credentials/credential_store.h"
#include "credentials/request_options.h"
#include "gateway/resolve.h"
#include "http/head.h"
#include "providers/options.h"

namespace gatehouse::gateway {

/// What a leaf of a plan says, then the `x-portkey-...` fields of the request.
class HeaderOptions final : public providers::Options, public credentials::RequestOptions {
 public:
  explicit HeaderOptions(const ResolveInput& input) : fields_(input.head), leaf_(input.leaf) {}
  std::string_view find(std::string_view name) const override;

 private:
  const http::Fields& fields_;
  const exchange::PlanNode* leaf_;
};

/// The options of a credential.
class StoredOptions final : public providers::Options {
 public:
  explicit StoredOptions(const credentials::CredentialFields& fields) : fields_(fields) {}
  std::string_view find(std::string_view name) const override;

 private:
  const credentials::CredentialFields& fields_;
};

/// Everything that counts for one target: what its credential says, then the request, then the
/// operator's environment. The parts of a credential come from the credential alone.
class TargetOptions final : public providers::Options {
 public:
  TargetOptions(const ResolveInput& input, const Target& target, const Snapshot& snapshot)
      : stored_(target.resolved.fields), header_(input), row_(*target.row), snapshot_(snapshot) {}
  std::string_view find(std::string_view name) const override;

 private:
  StoredOptions stored_;
  HeaderOptions header_;
  const providers::ProviderRow& row_;
  const Snapshot& snapshot_;
};

}  // namespace gatehouse::gateway
