#include "gateway/prepare.h"

#include <algorithm>

#include "async/loop.h"
#include "base/text.h"
#include "dialects/openai_chat/quirks.h"
#include "gateway/target_options.h"
#include "providers/url_template.h"

namespace gatehouse::gateway {
namespace {

using http::FieldLines;
using providers::ProviderRow;
using providers::UpstreamUrl;

/// Fields of a passed-through request that are not the client's to decide (wire spec 1.8).
bool is_withheld(std::string_view name) {
  if (http::is_hop_by_hop(name) || is_gateway_field(name)) return true;
  switch (name.size()) {
    case 4: return equals_ignoring_case(name, "host");
    case 6: return equals_ignoring_case(name, "cookie") || equals_ignoring_case(name, "expect");
    case 9: return equals_ignoring_case(name, "x-api-key");
    case 13: return equals_ignoring_case(name, "authorization");
    default: return false;
  }
}

/// Fields that the Connection field names end at this hop (RFC 9110 section 7.6.1).
bool is_listed(std::string_view options, std::string_view name) {
  return std::ranges::any_of(split_list(options), [name](std::string_view option) {
    return equals_ignoring_case(option, name);
  });
}

void add_row_fields(const ProviderRow& row, const providers::Options& options,
                    std::string_view model, FieldLines& fields) {
  for (const providers::ExtraHeader& extra : row.headers) {
    std::string value;
    providers::TemplateGap gap;
    const providers::TemplateValues values{options, {}, model};
    // A field whose option was not given is left out.
    if (providers::fill_template(extra.value, providers::Place::header, values, value, gap)) {
      fields.add(extra.name, value);
    }
  }
}

void add_forwarded(std::string_view names, const http::Fields& head, FieldLines& fields) {
  for (std::string_view name : split_list(names)) {
    // The documents also show the list in brackets and quotes.
    constexpr std::string_view kDecoration = "[]'\" ";
    while (!name.empty() && kDecoration.contains(name.front())) name.remove_prefix(1);
    while (!name.empty() && kDecoration.contains(name.back())) name.remove_suffix(1);
    if (name.empty() || is_withheld(name)) continue;
    if (head.has(name)) fields.add(name, head.get(name));
  }
}

void add_fields(const http::Request& request, const ResolveInput& input, const Target& target,
                const TargetOptions& options, FieldLines& fields) {
  fields.reserve(512);
  const bool is_proxy = input.asked.route.kind == RouteKind::proxy;
  if (is_proxy) {
    const std::string_view hop = request.head.fields.get("connection");
    for (const http::Field& field : request.head.fields) {
      if (is_withheld(field.name) || is_listed(hop, field.name)) continue;
      fields.add(field.name, field.value);
    }
  } else {
    if (request.has_body()) {
      const std::string_view type = input.fields.content_type;
      fields.add("content-type", type.empty() ? "application/json" : type);
    }
    fields.append("accept-encoding: identity\r\n");
    const bool has_agent = std::ranges::any_of(
        target.row->headers,
        [](const providers::ExtraHeader& extra) { return extra.name == "user-agent"; });
    if (!has_agent) fields.append("user-agent: gatehouse\r\n");
    add_forwarded(input.fields.forward_headers, request.head.fields, fields);
  }
  add_row_fields(*target.row, options, target.resolved.model, fields);
  if (target.resolved.stored) {
    for (const auto& [name, value] : target.resolved.stored->headers)
      fields.add(name, value.reveal());
  }
}

/// The base address that takes the place of the provider's own, if any.
Result<std::optional<providers::BaseUrl>> chosen_base(const Target& target) {
  if (!target.resolved.custom_host) return std::nullopt;
  std::optional<providers::BaseUrl> base = providers::split_base_url(*target.resolved.custom_host);
  if (base) return base;
  return fail(
      client_error(ErrorCode::custom_host_blocked,
                   "Invalid custom host: it must be http:// or https://, a host and a path."));
}

providers::Delivery delivery_of(bool is_streaming) {
  return is_streaming ? providers::Delivery::streamed : providers::Delivery::whole;
}

/// Where the provider's own protocol has the endpoint.
Result<void> translated_url(const Target& target, const Translation& translation,
                            const TargetOptions& options, UpstreamUrl& url) {
  const Result<std::optional<providers::BaseUrl>> base = chosen_base(target);
  if (!base) return std::unexpected(base.error());
  const std::string_view path = translation.encoded.path;
  const std::size_t question = path.find('?');
  const providers::EndpointCall call{
      translation.capability,
      path.substr(0, question),
      question == std::string_view::npos ? std::string_view() : path.substr(question + 1),
      target.resolved.model,
      target.family,
      delivery_of(translation.call.stream.is_wanted)};
  return providers::endpoint_url(*target.row, call, options, *base ? &**base : nullptr, url);
}

Result<void> url_for(const http::Request& request, const ResolveInput& input, const Target& target,
                     const TargetOptions& options, UpstreamUrl& url) {
  if (target.row->reach == providers::Reach::in_process) return {};
  const Result<std::optional<providers::BaseUrl>> base = chosen_base(target);
  if (!base) return std::unexpected(base.error());
  const providers::BaseOverride chosen = *base ? &**base : nullptr;
  const http::RequestHead& head = request.head;
  if (input.asked.route.kind == RouteKind::proxy) {
    Result<UpstreamUrl> made =
        providers::proxy_url(*target.row, {head.path, head.query}, options, chosen);
    if (!made) return std::unexpected(std::move(made.error()));
    url = std::move(*made);
    return {};
  }
  constexpr std::size_t kVersion = std::string_view("/v1").size();
  const providers::EndpointCall call{input.asked.route.capability,
                                     head.path.substr(kVersion),
                                     head.query,
                                     target.resolved.model,
                                     target.family,
                                     delivery_of(input.asked.is_streaming)};
  return providers::endpoint_url(*target.row, call, options, chosen, url);
}

/// The body's pieces around the edits.
void cut_body(std::string_view body, const json::Edits& edits, attempt::Pieces& pieces) {
  std::size_t at = 0;
  for (const json::Edit& edit : edits) {
    pieces.add(body.substr(at, edit.offset - at));
    pieces.add(edit.replacement);
    at = edit.offset + edit.length;
  }
  pieces.add(body.substr(at));
}

void edit_body(const Asked& asked, const Target& target, Prepared& prepared) {
  const bool is_renamed = target.resolved.model != asked.model;
  if (asked.members.empty()) {
    if (is_renamed && !asked.form_model.empty()) {
      const auto offset = static_cast<std::size_t>(asked.form_model.data() - asked.body.data());
      prepared.edits.push_back({offset, asked.form_model.size(), target.resolved.model});
    }
    return;
  }
  if (asked.route.kind == RouteKind::proxy) {
    json::ObjectPatch patch(asked.body, asked.members);
    if (is_renamed) patch.set("model", json::quote(target.resolved.model));
    prepared.edits = patch.edits();
    return;
  }
  dialects::BodyWishes wishes;
  wishes.endpoint = asked.route.capability;
  wishes.model = is_renamed ? std::string_view(target.resolved.model) : std::string_view();
  dialects::AdaptedBody adapted =
      dialects::adapt_body(target.row->quirks, asked.body, asked.members, wishes);
  prepared.edits = std::move(adapted.edits);
  prepared.dropped = std::move(adapted.dropped);
  if (adapted.usage_chunk == dialects::UsageChunk::hide) prepared.plan.usage = UsageWish::ours;
}

MonotonicTime deadline_of(const config::UpstreamSettings& settings) {
  if (settings.total_timeout.count() == 0) return MonotonicTime::max();
  return async::Loop::current().now() + settings.total_timeout;
}

}  // namespace

Result<Prepared> prepare(const Snapshot& snapshot, const http::Request& request,
                         const ResolveInput& input, const Target& target,
                         const Translation* translation) {
  Result<Prepared> made{std::in_place};  // in its place from the start: moving it is dear
  Prepared& prepared = *made;
  const TargetOptions options(input, target, snapshot);
  attempt::Outgoing& outgoing = prepared.outgoing;
  Result<void> placed = translation != nullptr
                            ? translated_url(target, *translation, options, outgoing.url)
                            : url_for(request, input, target, options, outgoing.url);
  if (!placed) {
    made = std::unexpected(std::move(placed.error()));
    return made;
  }
  FieldLines& fields = outgoing.fields;
  add_fields(request, input, target, options, fields);
  if (translation != nullptr) {
    for (const auto& [name, value] : translation->encoded.headers) {
      // A list may come in two lines (RFC 9110 section 5.3); of anything else the client's counts.
      const bool is_list = equals_ignoring_case(name, "anthropic-beta");
      if (is_list || !fields.has(name)) fields.add(name, value);
    }
    prepared.dropped = translation->encoded.dropped;
  } else {
    edit_body(input.asked, target, prepared);
  }
  outgoing.row = target.row;
  outgoing.policy = target.policy;
  outgoing.method = request.head.method;
  outgoing.path = request.head.path;
  if (translation != nullptr && !translation->encoded.body.empty()) {
    outgoing.body.add(translation->encoded.body);
  } else if (translation == nullptr && !input.asked.body.empty()) {
    cut_body(input.asked.body, prepared.edits, outgoing.body);
  }
  const config::UpstreamSettings& settings = snapshot.settings().upstream;
  outgoing.timeouts = {settings.first_byte_timeout, settings.idle_timeout, deadline_of(settings)};
  if (const auto own = parse_number<std::uint32_t>(input.fields.request_timeout); own && *own > 0) {
    outgoing.timeouts.first_byte = outgoing.own_timeout = http::Timeout{*own};
  }
  if (input.asked.route.kind == RouteKind::proxy) prepared.plan.reading = Reading::passed_on;
  return made;
}

}  // namespace gatehouse::gateway
