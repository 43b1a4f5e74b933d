#include "gateway/plan_caller.h"

#include <algorithm>

#include "async/loop.h"
#include "base/text.h"
#include "gateway/judge.h"
#include "gateway/leaf_request.h"
#include "gateway/translate.h"
#include "json/scan.h"
#include "json/value.h"

namespace gatehouse::gateway {

using async::Task;
using exchange::PlanNode;
using exchange::Scalar;
using routing::EventShape;

namespace {

std::optional<Scalar> scalar_of(std::string_view raw) {
  if (raw == "true" || raw == "false") return raw == "true";
  if (raw.starts_with('"')) return json::unescape(raw).value_or("");
  if (const auto number = parse_number<double>(raw)) return *number;
  return nullptr;
}

/// Typed as the client sent it; what came from other fields is text.
std::optional<Scalar> metadata_value(const PlannedRequest& on, std::string_view name) {
  if (const auto members = json::scan_object(on.fields.metadata)) {
    const json::Member* const member = json::find(*members, name);
    if (member != nullptr) return scalar_of(member->value);
  }
  for (const auto& [key, value] : on.exchange.metadata) {
    if (key == name) return value;
  }
  return std::nullopt;
}

}  // namespace

Result<std::string> PlanCaller::upstream_of(const PlanNode& leaf) {
  if (const auto found = upstreams_.find(&leaf); found != upstreams_.end()) return found->second;
  LeafRequest own(on_, leaf);
  if (Result<void> changed = own.change_body(std::nullopt); !changed) {
    return std::unexpected(std::move(changed.error()));
  }
  const Result<Target> target = locate(*on_.snapshot, own.input());
  if (!target) return std::unexpected(target.error());
  return upstreams_[&leaf] = upstream_name(*target);
}

// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<attempt::AnswerPtr> PlanCaller::call(const PlanNode& leaf, routing::CallTerms terms) {
  LeafRequest own(on_, leaf);
  co_await own.change_body(terms.continuation);
  const exchange::AttemptNote note{leaf.path, terms.reason, terms.wait};
  attempt::AnswerPtr answer = co_await call_target(
      {on_.worker, *on_.snapshot, on_.request, own.input()}, note, on_.exchange);
  answer_plan_ = answer->plan;
  // Another target may take the stream up, and need not be asked for usage: the client is not told
  // what it did not ask for, whoever tells.
  const bool hides_usage = shape() == EventShape::chat && is_streaming() && !on_.asked.wants_usage;
  if (hides_usage) answer_plan_.usage = UsageWish::ours;
  co_return std::move(answer);
}

routing::Judgement PlanCaller::judge(const Error& error) const {
  return gateway::judge(error, async::Loop::current().clock().wall());
}

bool PlanCaller::takes_prefill(const PlanNode& leaf) const {
  LeafRequest own(on_, leaf);
  if (!own.change_body(std::nullopt)) return false;
  const Result<Target> target = locate(*on_.snapshot, own.input());
  return target && target->row->dialect == llm::DialectId::anthropic_messages;
}

std::optional<Scalar> PlanCaller::field(std::string_view name) const {
  if (name == "url.pathname") return std::string(on_.request.head.path);
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const std::string_view kind = name.substr(0, dot);
  const std::string_view rest = name.substr(dot + 1);
  // Two segments count, as with Portkey; header names have dashes alone.
  const std::string_view key = rest.substr(0, rest.find('.'));
  if (kind == "metadata") return metadata_value(on_, key);
  if (kind == "headers") {
    const http::Fields& head = on_.request.head.fields;
    if (!head.has(rest)) return std::nullopt;
    return std::string(head.get(rest));
  }
  if (kind != "params") return std::nullopt;
  const json::Member* const member = json::find(on_.asked.members, key);
  if (member == nullptr) return std::nullopt;
  return scalar_of(member->value);
}

EventShape PlanCaller::shape() const {
  switch (on_.asked.route.endpoint) {
    case Endpoint::chat_complete: return EventShape::chat;
    case Endpoint::complete: return EventShape::completion;
    case Endpoint::messages: return EventShape::messages;
    case Endpoint::create_response: return EventShape::responses;
    default: return EventShape::unknown;
  }
}

}  // namespace gatehouse::gateway
