#include "gateway/sign.h"

#include "async/loop.h"
#include "config/custom_host.h"
#include "gateway/target_options.h"
#include "providers/signers/signer.h"

namespace gatehouse::gateway {

using async::Task;
using providers::Grant;
using providers::GrantCall;
using providers::SignInput;

namespace {

constexpr std::size_t kMaxTokenAnswer = 256 * 1024;

/// Where a client's own credential is to be shown must be a host that a client may name.
Result<void> check_token_host(const GrantCall& call, const Snapshot& snapshot) {
  const Result<config::CustomHost> host =
      config::validate_custom_host(call.url.text(), snapshot.trusted);
  if (!host) return fail(host.error());
  return {};
}

/// A signature that covers the body needs it whole.
Result<void> check_body(const attempt::Outgoing& outgoing) {
  if (!outgoing.upload || outgoing.row->signer != providers::SignerId::aws_sigv4) return {};
  return fail(client_error(ErrorCode::capability_not_supported,
                           "Uploads are not supported by " + std::string(outgoing.row->id) +
                               ": its signatures cover the whole body."));
}

/// What a token endpoint says when it refuses may hold parts of the credential: it stays here.
Error refused(const providers::ProviderRow& row, int status) {
  Error error = upstream_error(ErrorCode::unauthorized,
                               "The credential for provider '" + std::string(row.id) +
                                   "' was not accepted where it is exchanged for a token (status " +
                                   std::to_string(status) + "). Check its parts.");
  if (status >= 500) error.code = ErrorCode::upstream_status;
  if (status == 429) error.code = ErrorCode::rate_limited;
  return error;
}

/// Buys a grant. Cancellation: closes the call.
// NOLINTBEGIN(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<Grant> buy(http::Pool& pool, const providers::Signer& signer, GrantCall bought,
                SignInput input, const http::AddressPolicy* policy) {
  // NOLINTEND(*-avoid-reference-coroutine-parameters)
  http::Call call;
  call.endpoint = {bought.url.host, bought.url.port, bought.url.is_tls(), policy};
  call.target = bought.url.target;
  bought.fields.add("accept-encoding", "identity");
  call.fields = &bought.fields;
  const std::string_view body = bought.body;
  call.body = {&body, 1};
  http::Answer answer = co_await http::fetch(pool, call);
  const int status = answer.head().status;
  const std::string text = co_await http::collect(answer.take_body(), 4096, kMaxTokenAnswer);
  if (status != 200) co_return fail(refused(input.row, status));
  co_return signer.read_grant(text, input.now);
}

SignInput input_of(const SignSite& site, const TargetOptions& options,
                   const attempt::Outgoing& outgoing) {
  return {*site.target.row,
          site.target.resolved.key,
          options,
          outgoing.method,
          outgoing.url,
          outgoing.body.span(),
          async::Loop::current().clock().wall(),
          site.target.family};
}

}  // namespace

Result<bool> sign_at_once(const SignSite& site, attempt::Outgoing& outgoing) {
  const Result<const providers::Signer*> signer = providers::signer_of(*site.target.row);
  if (!signer) return fail(signer.error());
  if (Result<void> body = check_body(outgoing); !body) return fail(std::move(body.error()));
  const TargetOptions options(site.input, site.target, site.snapshot);
  const SignInput to_sign = input_of(site, options, outgoing);
  if (!(*signer)->grant_id(to_sign).empty()) return false;
  if (Result<void> done = (*signer)->sign(to_sign, nullptr, outgoing.fields); !done) {
    return fail(std::move(done.error()));
  }
  return true;
}

// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<void> sign(SignSite site, attempt::Outgoing& outgoing) {
  if (co_await sign_at_once(site, outgoing)) co_return;
  const providers::Signer* signer = co_await providers::signer_of(*site.target.row);
  const TargetOptions options(site.input, site.target, site.snapshot);
  const SignInput to_sign = input_of(site, options, outgoing);
  const std::string id = signer->grant_id(to_sign);
  providers::GrantCache& cache = site.worker.grants();
  const Grant* grant = cache.find(id, to_sign.now);
  if (grant == nullptr || providers::GrantCache::is_due(*grant, to_sign.now)) {
    GrantCall call = co_await signer->grant_call(to_sign);
    const bool is_clients = site.target.resolved.key_source == credentials::KeySource::client;
    if (is_clients) co_await check_token_host(call, site.snapshot);
    Result<Grant> bought =
        co_await as_result(buy(site.worker.pool(), *signer, std::move(call), to_sign,
                               is_clients ? &site.snapshot.policy : nullptr));
    if (bought) cache.keep(id, std::move(*bought));
    grant = cache.find(id, to_sign.now);  // the old one serves while a new one is not to be had
    if (grant == nullptr) co_await std::move(bought);
  }
  co_await signer->sign(to_sign, grant, outgoing.fields);
}

}  // namespace gatehouse::gateway
