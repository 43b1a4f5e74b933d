#include "gateway/local.h"

#include <algorithm>

#include "async/background.h"
#include "auth/authenticate.h"
#include "base/text.h"
#include "gateway/routing_metrics.h"
#include "gateway/store_metrics.h"
#include "json/scan.h"
#include "logs/parse_filter.h"
#include "logs/render_json.h"

namespace gatehouse::gateway {
namespace {

using async::Task;
using http::Response;

constexpr std::string_view kLogs = "/v1/logs";
constexpr std::string_view kUpstreams = "/v1/upstreams";

Response text_response(std::string_view type, std::string body) {
  Response response;
  response.fields.add("content-type", type);
  response.length = body.size();
  response.body = http::one_chunk(std::move(body));
  response.is_body_ready = true;
  return response;
}

Response json_response(std::string body) {
  return text_response("application/json", std::move(body));
}

bool names_provider(const GatewayFields& fields) {
  return !fields.provider.empty() || !fields.virtual_key.empty() || !fields.config.empty();
}

Result<void> allow(Worker& worker, const Snapshot& snapshot, const GatewayFields& fields,
                   exchange::Scope scope) {
  exchange::Principal principal;
  const Result<auth::Identity> identity = auth::authenticate(
      {snapshot.keys, worker.key_cache()}, {fields.api_key, fields.authorization, fields.x_api_key},
      snapshot.auth_rules, worker.shared().clock.wall(), principal);
  if (!identity) return std::unexpected(identity.error());
  return auth::require_scope(principal, scope);
}

/// What can be asked for without naming a provider: the demo, and every stored credential's slug.
std::string models_of(const Snapshot& snapshot) {
  std::string data = R"({"id":"demo/demo-chat","object":"model","owned_by":"demo"})";
  data += R"(,{"id":"demo/demo-embed","object":"model","owned_by":"demo"})";
  std::size_t total = 2;
  for (const auto& [slug, entry] : snapshot.settings().virtual_keys) {
    data += R"(,{"id":)" + json::quote("@" + slug + "/*") + R"(,"object":"model","owned_by":)" +
            json::quote(entry.provider) + "}";
    ++total;
  }
  return R"({"object":"list","total":)" + std::to_string(total) + R"(,"data":[)" + data + "]}";
}

// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<Response> answer_logs(Worker& worker, std::string query, WallTime now) {
  logs::LogFilter filter = co_await logs::parse_filter(query, now);
  logs::LogStore* const store = worker.shared().log_store;
  std::move_only_function<Result<std::string>()> work = [store, filter]() -> Result<std::string> {
    const Result<logs::LogPage> page = store->query(filter);
    if (!page) return std::unexpected(page.error());
    return logs::render_page(*page);
  };
  co_return json_response(
      co_await async::run_in<std::string>(worker.shared().background, std::move(work)));
}

// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<Response> answer_log(Worker& worker, std::string id) {
  logs::LogStore* const store = worker.shared().log_store;
  std::move_only_function<Result<std::string>()> work = [store, id]() -> Result<std::string> {
    const Result<logs::LogRecord> record = store->find(id);
    if (!record) return std::unexpected(record.error());
    return logs::render_record(*record);
  };
  co_return json_response(
      co_await async::run_in<std::string>(worker.shared().background, std::move(work)));
}

std::string metrics_text(Worker& worker) {
  std::string text = Metrics::render(worker.shared().metrics);
  text += render_routing(worker.shared().routing, worker.shared().clock.now());
  text += render_stores(worker.shared());
  if (cache::ResponseCache* const kept = worker.shared().cache) {
    text += "# TYPE llm_cache_waiting gauge\nllm_cache_waiting ";
    text += std::to_string(kept->flights().waiting()) + "\n";
  }
  return text;
}

// NOLINTBEGIN(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<Response> answer_records(Worker& worker, const Snapshot& snapshot,
                              const http::RequestHead& head, const GatewayFields& fields) {
  // NOLINTEND(*-avoid-reference-coroutine-parameters)
  const bool is_list = head.path == kLogs;
  co_await allow(worker, snapshot, fields,
                 is_list ? exchange::Scope::logs_list : exchange::Scope::logs_view);
  if (worker.shared().log_store == nullptr) {
    co_return fail(
        client_error(ErrorCode::not_found, "The record is switched off (logs.enabled)."));
  }
  if (is_list) {
    co_return co_await answer_logs(worker, std::string(head.query), worker.shared().clock.wall());
  }
  co_return co_await answer_log(worker, std::string(head.path.substr(kLogs.size() + 1)));
}

}  // namespace

bool is_local(const http::RequestHead& head, const GatewayFields& fields) {
  const std::string_view path = head.path;
  if (path == "/" || path == "/health" || path == "/v1/health" || path == "/metrics") return true;
  if (head.method != "GET") return false;
  if (path == kUpstreams) return true;
  if (path == "/v1/models") return !names_provider(fields);
  return path == kLogs || path.starts_with("/v1/logs/");
}

// NOLINTBEGIN(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<Response> answer_locally(Worker& worker, const Snapshot& snapshot,
                              const http::Request& request, GatewayFields fields) {
  // NOLINTEND(*-avoid-reference-coroutine-parameters)
  const http::RequestHead& head = request.head;
  if (head.method != "GET" && head.method != "HEAD") {
    co_return fail(client_error(ErrorCode::method_not_allowed, "Only GET and HEAD work here."));
  }
  if (head.path == "/") co_return text_response("text/plain", "AI Gateway says hey!");
  if (head.path == "/health" || head.path == "/v1/health") {
    co_return text_response("text/plain", "Server is healthy");
  }
  if (head.path == "/metrics") {
    if (!snapshot.settings().metrics) {
      co_return fail(
          client_error(ErrorCode::not_found, "Metrics are switched off (metrics: false)."));
    }
    co_return text_response("text/plain; version=0.0.4", metrics_text(worker));
  }
  if (head.path == kUpstreams) {
    co_await allow(worker, snapshot, fields, exchange::Scope::admin);
    co_return json_response(upstreams_json(worker.shared().routing, worker.shared().clock.now()));
  }
  if (head.path == "/v1/models") {
    co_await allow(worker, snapshot, fields, exchange::Scope::completions_write);
    co_return json_response(models_of(snapshot));
  }
  co_return co_await answer_records(worker, snapshot, head, fields);
}

http::FieldLines cors_fields(const config::CorsSettings& settings, std::string_view origin) {
  http::FieldLines fields;
  if (origin.empty()) return fields;
  const bool is_allowed = std::ranges::any_of(settings.origins, [origin](const std::string& each) {
    return each == "*" || equals_ignoring_case(each, origin);
  });
  if (!is_allowed) return fields;
  fields.add("access-control-allow-origin", origin);
  fields.add("vary", "origin");
  fields.add("access-control-expose-headers", "*");
  return fields;
}

std::optional<Response> answer_preflight(const config::CorsSettings& settings,
                                         const http::RequestHead& head) {
  if (head.method != "OPTIONS" || !head.fields.has("access-control-request-method"))
    return std::nullopt;
  Response response;
  response.status = 204;
  response.fields = cors_fields(settings, head.fields.get("origin"));
  if (response.fields.is_empty()) {
    response.status = 403;
    return response;
  }
  response.fields.add("access-control-allow-methods", "GET, POST, PUT, PATCH, DELETE, OPTIONS");
  // With credentials in fields a browser wants names rather than a star: what it asked for is
  // named.
  const std::string_view asked = head.fields.get("access-control-request-headers");
  std::string listed;
  for (const std::string& each : settings.headers) {
    if (!listed.empty()) listed += ", ";
    listed += each;
  }
  response.fields.add("access-control-allow-headers",
                      listed == "*" && !asked.empty() ? asked : listed);
  const auto age = std::chrono::duration_cast<std::chrono::seconds>(settings.max_age).count();
  response.fields.add("access-control-max-age", static_cast<std::uint64_t>(age));
  return response;
}

}  // namespace gatehouse::gateway
