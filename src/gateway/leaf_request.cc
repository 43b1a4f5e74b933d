#include "gateway/leaf_request.h"

#include "base/text.h"
#include "gateway/apply_params.h"
#include "json/scan.h"

namespace gatehouse::gateway {

using exchange::PlanNode;

LeafRequest::LeafRequest(const PlannedRequest& on, const PlanNode& leaf)
    : on_(on), leaf_(leaf), fields_(on.fields), identity_(on.identity) {
  take_who();
  take_how();
}

// Wire spec 2.4: what a leaf says of the provider replaces what the fields say, and a credential of
// the client goes to nobody but the provider that the client named himself.
void LeafRequest::take_who() {
  if (leaf_.is_passthrough) return;
  const bool names_slug = forced_model().starts_with('@');
  const bool names_one = !leaf_.provider.empty() || !leaf_.virtual_key.empty() || names_slug;
  if (names_one) {
    const bool is_same =
        !leaf_.provider.empty() && equals_ignoring_case(leaf_.provider, trimmed(fields_.provider));
    fields_.provider = leaf_.provider;
    fields_.virtual_key = leaf_.virtual_key;
    if (!is_same) fields_.authorization = fields_.x_api_key = {};
  }
  if (leaf_.api_key.is_empty()) return;
  fields_.authorization = leaf_.api_key.reveal();
  fields_.x_api_key = {};
  identity_.is_authorization_ours = false;
}

// Wire spec 2.4: a field of the request counts before the config, but for strictness.
void LeafRequest::take_how() {
  const bool is_clients = on_.plan->source == exchange::PlanSource::request;
  if (fields_.custom_host.empty() && is_clients) fields_.custom_host = leaf_.custom_host;
  const auto own = parse_number<std::uint32_t>(fields_.request_timeout).value_or(0);
  if (own == 0 && leaf_.request_timeout) {
    timeout_ = std::to_string(leaf_.request_timeout->count());
    fields_.request_timeout = timeout_;
  }
  if (fields_.forward_headers.empty() && leaf_.forward_headers) {
    for (const std::string& name : *leaf_.forward_headers) {
      if (!forwards_.empty()) forwards_ += ",";
      forwards_ += name;
    }
    fields_.forward_headers = forwards_;
  }
  if (leaf_.is_strict == false) fields_.strict_open_ai_compliance = "false";
}

std::string LeafRequest::forced_model() const {
  for (const llm::RawMember& each : leaf_.override_params) {
    if (each.name == "model") return json::unescape(each.json).value_or("");
  }
  return "";
}

Result<void> LeafRequest::change_body(const std::optional<routing::Continuation>& continuation) {
  const Asked& asked = on_.asked;
  if (!asked.form_model.empty()) {
    if (const std::string model = forced_model(); !model.empty()) {
      asked_ = asked_for_model(asked, model);
    }
    return {};
  }
  if (asked.members.empty() || (!has_params(leaf_) && !continuation)) return {};
  Result<std::string> body = apply_params(asked, leaf_);
  if (body && continuation) body = routing::continued_request(*body, *continuation);
  if (!body) return std::unexpected(std::move(body.error()));
  Result<Asked> changed = asked_with(asked, std::move(*body));
  if (!changed) return std::unexpected(std::move(changed.error()));
  asked_ = std::move(*changed);
  return {};
}

ResolveInput LeafRequest::input() const {
  const bool is_operators = on_.plan->source == exchange::PlanSource::saved;
  return {fields_,
          on_.request.head.fields,
          asked_ ? *asked_ : on_.asked,
          identity_,
          &leaf_,
          is_operators ? std::string_view(leaf_.custom_host) : std::string_view()};
}

}  // namespace gatehouse::gateway
