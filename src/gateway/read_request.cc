#include "gateway/read_request.h"

#include "base/text.h"
#include "gateway/multipart.h"

namespace gatehouse::gateway {
namespace {

using exchange::Exchange;

// A body that is only passed through is looked into when it is JSON of a moderate size.
constexpr std::uint64_t kMaxPassedJson = 1024 * 1024;

bool is_json(std::string_view content_type) {
  if (content_type == "application/json") return true;  // as nearly all clients write it
  const std::string_view type = trimmed(content_type.substr(0, content_type.find(';')));
  return type.empty() || equals_ignoring_case(type, "application/json");
}

bool is_multipart(std::string_view content_type) {
  return starts_with_ignoring_case(content_type, "multipart/form-data");
}

/// Wire spec 1.1: absent, application/json, multipart/form-data or audio.
Result<void> check_content_type(const Route& route, std::string_view content_type) {
  if (route.kind == RouteKind::proxy || route.body == BodyKind::none) return {};
  const bool is_audio = starts_with_ignoring_case(content_type, "audio");
  if (!is_json(content_type) && !is_multipart(content_type) && !is_audio) {
    return fail(client_error(ErrorCode::unsupported_media_type,
                             "Invalid content type passed: this endpoint takes application/json or "
                             "multipart/form-data."));
  }
  return {};
}

std::unexpected<Failure> wrong_type(std::string_view key, std::string_view wanted) {
  return fail(client_error(ErrorCode::invalid_request,
                           "'" + std::string(key) + "' must be " + std::string(wanted) + ".",
                           std::string(key)));
}

Result<void> check_messages(const json::Member& messages) {
  if (!messages.is_array()) return wrong_type("messages", "an array of messages");
  const std::string_view inside = trimmed(messages.value.substr(1));
  if (inside.starts_with(']')) return wrong_type("messages", "an array with at least one message");
  if (!inside.starts_with('{')) return wrong_type("messages", "an array of objects");
  return {};
}

Result<void> read_stream_members(Asked& asked) {
  if (const json::Member* stream = json::find(asked.members, "stream")) {
    if (stream->value != "true" && stream->value != "false" && stream->value != "null") {
      return wrong_type("stream", "true or false");
    }
    asked.is_streaming = stream->is_true();
  }
  const json::Member* options = json::find(asked.members, "stream_options");
  if (options == nullptr || !options->is_object()) return {};
  const Result<std::vector<json::Member>> inner = json::scan_object(options->value);
  if (!inner) return std::unexpected(inner.error());
  const json::Member* wish = json::find(*inner, "include_usage");
  asked.wants_usage = wish != nullptr && wish->is_true();
  return {};
}

Result<void> read_members(Asked& asked) {
  Result<std::vector<json::Member>> members = json::scan_object(asked.body);
  if (!members) return std::unexpected(std::move(members.error()));
  asked.members = std::move(*members);
  if (const json::Member* model = json::find(asked.members, "model")) {
    std::optional<std::string> text = json::unescape(model->value);
    if (!text) return wrong_type("model", "a string");
    asked.model = std::move(*text);
  }
  if (Result<void> read = read_stream_members(asked); !read) return read;
  if (asked.route.endpoint != Endpoint::chat_complete) return {};
  const json::Member* messages = json::find(asked.members, "messages");
  if (messages != nullptr) return check_messages(*messages);
  return fail(client_error(ErrorCode::invalid_request, "'messages' is missing.", "messages"));
}

Result<void> read_form(Asked& asked, std::string_view content_type) {
  Result<std::optional<std::string_view>> model =
      find_form_field(asked.body, content_type, "model");
  if (!model) return std::unexpected(std::move(model.error()));
  if (*model) {
    asked.form_model = **model;
    asked.model = asked.form_model;
  }
  Result<std::optional<std::string_view>> stream =
      find_form_field(asked.body, content_type, "stream");
  asked.is_streaming = stream && *stream && **stream == "true";
  return {};
}

/// Views look into the body while the Asked is moved: its bytes must not stand in the string
/// itself.
void keep_in_place(std::string& body) {
  constexpr std::size_t kLongerThanInPlace = 64;
  if (body.size() < kLongerThanInPlace) body.reserve(kLongerThanInPlace);
}

bool is_held(const http::Request& request, const Route& route, std::string_view content_type) {
  if (route.body == BodyKind::upload || !request.has_body()) return false;
  if (route.kind == RouteKind::unified) return true;
  return is_json(content_type) && !content_type.empty() &&
         request.head.framing == http::Framing::length &&
         request.head.content_length <= kMaxPassedJson;
}

}  // namespace

// NOLINTBEGIN(*-avoid-reference-coroutine-parameters): the awaiting caller's
async::Task<void> read_request(http::Request& request, std::string_view content_type,
                               ReadLimits limits, Asked& asked, Exchange& exchange) {
  // NOLINTEND(*-avoid-reference-coroutine-parameters)
  const Route& route = asked.route;
  co_await check_content_type(route, content_type);
  if (!is_held(request, route, content_type)) {
    const bool wants_body = route.body == BodyKind::json || route.body == BodyKind::multipart;
    if (wants_body && !request.has_body()) {
      co_await Result<void>(
          fail(client_error(ErrorCode::invalid_request, "The request has no body.")));
    }
    asked.is_upload = request.has_body();
    exchange.request.is_on = false;
    co_return;
  }
  if (std::optional<std::string> body = request.take_short_body(limits.max_body_bytes); body) {
    asked.body = std::move(*body);
  } else {
    asked.body = co_await request.collect_body(limits.max_body_bytes);
  }
  keep_in_place(asked.body);
  const bool is_form = is_multipart(content_type);
  if (is_form) {
    co_await read_form(asked, content_type);
  } else if (route.kind == RouteKind::unified) {
    if (route.body == BodyKind::multipart) {
      co_await Result<void>(fail(
          client_error(ErrorCode::unsupported_media_type,
                       "Invalid content type passed: this endpoint takes multipart/form-data.")));
    }
    if (is_json(content_type)) co_await read_members(asked);
  } else if (Result<std::vector<json::Member>> members = json::scan_object(asked.body)) {
    // Passed through all the same if it is no object: its receiver knows what it is.
    Result<void> read = read_members(asked);
    if (!read) asked.members.clear();
  }
  exchange.model = asked.model;
  exchange.streaming = asked.is_streaming ? exchange::Streaming::yes : exchange::Streaming::no;
  if (is_form) exchange.request.is_on = false;
}

Result<Asked> asked_with(const Asked& asked, std::string body) {
  Asked changed;
  changed.route = asked.route;
  changed.body = std::move(body);
  keep_in_place(changed.body);
  if (Result<void> read = read_members(changed); !read) {
    return std::unexpected(std::move(read.error()));
  }
  return changed;
}

Asked asked_for_model(const Asked& asked, std::string_view model) {
  Asked changed = asked;
  keep_in_place(changed.body);
  const auto offset = static_cast<std::size_t>(asked.form_model.data() - asked.body.data());
  changed.body.replace(offset, asked.form_model.size(), model);
  changed.form_model = std::string_view(changed.body).substr(offset, model.size());
  changed.model = model;
  return changed;
}

void keep_body(Asked asked, Exchange& exchange) {
  exchange::Captured& into = exchange.request;
  if (!into.is_on) return;
  into.is_on = !asked.body.empty();
  into.is_truncated = asked.body.size() > into.limit;
  if (into.is_truncated) {
    into.text.assign(asked.body, 0, into.limit);
  } else {
    into.text = std::move(asked.body);
  }
}

}  // namespace gatehouse::gateway
