// The recipe of a key. In it, in this order, is all that can make an answer another one, or another
// one's:
//   the tenant (a gateway key; without one, the provider credential), the endpoint,
//   the namespace if there is one, else metadata and provider credential,
//   the provider, the address up to the endpoint, the model, what the answer's shape depends on,
//   the header fields that go upstream without those that prove or trace a call,
//   and the body as it goes upstream, canonical (cache/canonical_body.h).
#include "gateway/plan_cache.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "cache/canonical_body.h"
#include "cache/policy.h"
#include "cache/read_header.h"
#include "cache/semantic_question.h"

namespace gatehouse::gateway {
namespace {

using cache::HeaderWishes;
using cache::KeyParts;
using exchange::CacheMode;
using exchange::CacheSettings;
using exchange::CacheStatus;
using exchange::Exchange;

/// Differ between calls that are the same, where a client has them forwarded.
bool is_passing_field(std::string_view name) {
  constexpr std::array kPassing = {
      std::string_view("traceparent"),  std::string_view("tracestate"),
      std::string_view("baggage"),      std::string_view("x-request-id"),
      std::string_view("user-agent"),   std::string_view("x-client-request-id"),
      std::string_view("x-trace-id"),   std::string_view("x-correlation-id"),
      std::string_view("x-session-id"), std::string_view("idempotency-key")};
  return std::ranges::any_of(
      kPassing, [name](std::string_view each) { return equals_ignoring_case(each, name); });
}

/// Not signed yet: what proves a call is not among them.
void add_fields(const http::FieldLines& fields, KeyParts& parts) {
  for (std::string_view rest = fields.text(); !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find("\r\n"));
    rest.remove_prefix(std::min(line.size() + 2, rest.size()));
    if (!is_passing_field(line.substr(0, line.find(':')))) parts.add(line);
  }
  parts.add("");
}

void add_credential(const credentials::ResolvedTarget& target, KeyParts& parts) {
  parts.add("credential").add(target.key.reveal());
  for (const auto& [name, value] : target.fields) parts.add(name).add(value.reveal());
}

void add_tenant(const ReadyCall& call, const Exchange& exchange, KeyParts& parts) {
  if (exchange.principal.is_anonymous()) {
    parts.add("anonymous");
    add_credential(call.target.resolved, parts);
  } else {
    parts.add("key").add(exchange.principal.key_id);
  }
}

void add_scope(const CacheSettings& settings, const ReadyCall& call, const Exchange& exchange,
               KeyParts& parts) {
  if (!settings.name_space.empty()) {
    parts.add("namespace").add(settings.name_space);
    return;
  }
  parts.add("metadata");
  exchange::Pairs metadata = exchange.metadata;
  std::ranges::sort(metadata);
  for (const auto& [name, value] : metadata) parts.add(name).add(value);
  add_credential(call.target.resolved, parts);
}

/// Between unlike dialects a stream is asked for at another address than a document.
std::string_view base_of(std::string_view target, const Translation* translation) {
  if (translation == nullptr) return target;
  const std::string_view path = translation->encoded.path;
  return target.substr(0, target.find(path.substr(0, path.find('?'))));
}

void add_target(const ReadyCall& call, KeyParts& parts) {
  const attempt::Outgoing& outgoing = call.prepared.outgoing;
  parts.add(call.target.row->id).add(call.target.resolved.model);
  parts.add(outgoing.url.is_tls() ? "https" : "http").add(outgoing.url.authority());
  parts.add(base_of(outgoing.url.target, call.translation.get()));
  add_fields(outgoing.fields, parts);
}

KeyParts parts_of(const CacheSettings& settings, const ReadyCall& call, const Exchange& exchange) {
  KeyParts parts;
  parts.add("1");
  add_tenant(call, exchange, parts);
  parts.add(exchange::name_of(call.input.asked.route.endpoint));
  add_scope(settings, call, exchange, parts);
  parts.add(call.input.fields.strict_open_ai_compliance);
  add_target(call, parts);
  return parts;
}

std::optional<std::string> body_of(const ReadyCall& call) {
  const Asked& asked = call.input.asked;
  const bool is_clients = call.translation == nullptr && call.prepared.edits.empty();
  if (is_clients && !asked.members.empty()) return cache::canonical_members(asked.members);
  std::string body;
  for (const std::string_view piece : call.prepared.outgoing.body.span()) body.append(piece);
  return cache::canonical_body(body);
}

/// What the request, a config and the operator say together; nothing if nobody wants the cache.
Result<std::optional<CacheSettings>> settings_of(const GatewayFields& fields,
                                                 const CacheSettings* config,
                                                 const config::ResponseCacheSettings& operators) {
  const HeaderWishes wishes{fields.cache, fields.cache_namespace, fields.cache_force_refresh};
  Result<CacheSettings> header = cache::read_header(wishes);
  if (!header) return fail(std::move(header.error()));
  CacheSettings settings = *header;
  if (config != nullptr) {
    settings = cache::combined(*config, *header);
  } else if (wishes.cache.empty()) {
    settings.mode = operators.mode;
  }
  if (!settings.is_on()) return std::nullopt;
  return settings;
}

bool can_have(const Worker& worker, const Snapshot& snapshot, const ReadyCall& call) {
  const Asked& asked = call.input.asked;
  if (worker.shared().cache == nullptr || !snapshot.settings().cache.enabled) return false;
  if (asked.route.kind != RouteKind::unified || !call.input.fields.may_keep_bodies()) return false;
  return asked.is_streaming ? cache::can_stream(asked.route.endpoint)
                            : cache::is_cacheable(asked.route.endpoint);
}

std::optional<SemanticCue> cue_of(const CacheSettings& settings, const Snapshot& snapshot,
                                  const KeyParts& parts, const ReadyCall& call) {
  const bool is_wanted = settings.mode == CacheMode::semantic;
  if (!is_wanted || !snapshot.settings().cache.semantic.is_enabled()) return std::nullopt;
  // The client's own words: a provider's dialect would say the same in another shape.
  const Asked& asked = call.input.asked;
  std::optional<cache::SemanticQuestion> question =
      cache::read_semantic_question(asked.route.endpoint, asked.body);
  if (!question) return std::nullopt;
  KeyParts scope = parts;
  return SemanticCue{std::move(question->text), scope.add("meaning").with(question->rest)};
}

}  // namespace

Result<std::optional<CachePlan>> plan_cache(const Worker& worker, const Snapshot& snapshot,
                                            const ReadyCall& call, Exchange& exchange) {
  const config::ResponseCacheSettings& operators = snapshot.settings().cache;
  Result<std::optional<CacheSettings>> settings =
      settings_of(call.input.fields, call.settings, operators);
  if (!settings) return fail(std::move(settings.error()));
  if (!*settings) return std::nullopt;

  exchange.cache = CacheStatus::disabled;
  if (!can_have(worker, snapshot, call)) return std::nullopt;
  const std::optional<std::string> body = body_of(call);
  std::shared_ptr<const AnswerForm> form =
      answer_form_of(call.input.asked, call.prepared.plan,
                     translation_context(call.input, exchange), *call.target.row);
  if (!body || !form) return std::nullopt;
  exchange.cache = CacheStatus::undecided;

  const KeyParts parts = parts_of(**settings, call, exchange);
  const auto seconds = [](auto time) {
    return std::chrono::duration_cast<std::chrono::seconds>(time);
  };
  CachePlan plan;
  plan.key = parts.with(*body);
  plan.refresh = (*settings)->refresh;
  plan.max_age = cache::max_age_of(
      **settings, {seconds(operators.max_age), seconds(operators.longest_max_age)});
  plan.longest_wait = operators.coalesce_wait;
  const std::chrono::milliseconds own = call.prepared.outgoing.own_timeout;
  if (own.count() > 0) plan.longest_wait = std::min(plan.longest_wait, own);
  plan.form = std::move(form);
  plan.semantic = cue_of(**settings, snapshot, parts, call);
  return plan;
}

}  // namespace gatehouse::gateway
