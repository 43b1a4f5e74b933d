#include "gateway/identify.h"

#include <algorithm>

#include "base/ids.h"
#include "base/text.h"
#include "json/value.h"

namespace gatehouse::gateway {
namespace {

using exchange::Exchange;
using exchange::Pairs;

// Records are for people and filters: an id of any size is cut here.
constexpr std::size_t kMaxId = 256;
constexpr std::size_t kMaxMetadata = 64;

std::string_view capped(std::string_view text) { return text.substr(0, kMaxId); }

/// W3C Trace Context, section 3.2: version "-" trace-id "-" parent-id "-" flags.
void take_traceparent(std::string_view text, Exchange& exchange) {
  constexpr std::size_t kLength = 55;
  if (text.size() < kLength || text[2] != '-' || text[35] != '-' || text[52] != '-') return;
  if (exchange.trace_id.empty()) exchange.trace_id = text.substr(3, 32);
  if (exchange.parent_span_id.empty()) exchange.parent_span_id = text.substr(36, 16);
}

bool has_key(const Pairs& pairs, std::string_view key) {
  return std::ranges::any_of(pairs, [key](const auto& pair) { return pair.first == key; });
}

void take_metadata(std::string_view text, Pairs& metadata) {
  if (text.empty()) return;
  const Result<json::Value> parsed = json::parse(text);
  if (!parsed || !parsed->is_object()) return;
  for (const auto& [key, value] : parsed->get_object()) {
    if (metadata.size() == kMaxMetadata) return;
    // Numbers and booleans are taken as text: clients send counts and uuids.
    std::string as_text =
        value.is_string() ? std::string(value.get_string()) : json::serialize(value);
    metadata.emplace_back(std::string(key), std::move(as_text));
  }
}

/// A person or an organisation may stand in a field of its own or in the metadata.
void take_party(std::string_view field, std::string_view key, Exchange& exchange,
                std::string& into) {
  for (const auto& [name, value] : exchange.metadata) {
    if (name == key) into = value;
  }
  if (field.empty()) return;
  if (into.empty()) exchange.metadata.emplace_back(std::string(key), std::string(capped(field)));
  into = capped(field);
}

void take_listed_headers(const http::Fields& head, const config::Settings& settings,
                         Exchange& exchange) {
  for (const std::string& name : settings.logs.headers) {
    if (head.has(name)) exchange.headers.emplace_back(name, std::string(head.get(name)));
  }
  for (const std::string& name : settings.headers_to_metadata) {
    if (head.has(name) && !has_key(exchange.metadata, name)) {
      exchange.metadata.emplace_back(name, std::string(head.get(name)));
    }
  }
}

}  // namespace

void identify(const GatewayFields& fields, const http::Fields& head,
              const config::Settings& settings, Random& random, Exchange& exchange) {
  if (!fields.trace_id.empty()) exchange.trace_id = capped(fields.trace_id);
  if (!fields.span_id.empty()) exchange.span_id = capped(fields.span_id);
  if (!fields.parent_span_id.empty()) exchange.parent_span_id = capped(fields.parent_span_id);
  if (!fields.span_name.empty()) exchange.span_name = capped(fields.span_name);
  if (!fields.traceparent.empty()) take_traceparent(fields.traceparent, exchange);
  if (exchange.trace_id.empty()) put_uuid4(random, exchange.trace_id);
  take_metadata(fields.metadata, exchange.metadata);
  take_party(fields.user, "_user", exchange, exchange.user);
  take_party(fields.organization, "_organisation", exchange, exchange.organization);
  take_listed_headers(head, settings, exchange);
}

}  // namespace gatehouse::gateway
