#include "dialects/fault.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/text.h"
#include "dialects/json_reader.h"
#include "dialects/json_writer.h"
#include "dialects/utf8.h"

namespace gatehouse::dialects {
namespace {

constexpr std::size_t kMaxMessageBytes = 2000;
constexpr std::size_t kShownBytes = 500;
constexpr int kBadGateway = 502;
constexpr int kInternalError = 500;
constexpr std::string_view kAwsErrorType = "x-amzn-errortype";

struct AwsStatus {
  std::string_view name;
  int status;
};
constexpr std::array kAwsStatuses = {
    AwsStatus{"throttlingException", 429},         AwsStatus{"validationException", 400},
    AwsStatus{"accessDeniedException", 403},       AwsStatus{"resourceNotFoundException", 404},
    AwsStatus{"modelTimeoutException", 408},       AwsStatus{"modelStreamErrorException", 424},
    AwsStatus{"modelErrorException", 424},         AwsStatus{"modelNotReadyException", 429},
    AwsStatus{"serviceUnavailableException", 503}, AwsStatus{"internalServerException", 500},
};

std::string as_text(const json::Value* value) {
  if (value == nullptr || value->is_null()) return {};
  if (const json::String* string = value->if_string()) return std::string(*string);
  return to_text(*value);
}

std::string first_of(const json::Value& object, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    std::string text = as_text(json::find(object, key));
    if (!text.empty()) return text;
  }
  return {};
}

/// FastAPI's `detail`: a text, or a list of objects with `msg`.
std::string detail_of(const json::Value& body) {
  const json::Array& details = array_at(body, "detail");
  std::string joined;
  for (const json::Value& detail : details) {
    const std::string_view message = text_at(detail, "msg");
    if (message.empty()) continue;
    if (!joined.empty()) joined += "; ";
    joined += message;
  }
  return joined.empty() ? as_text(json::find(body, "detail")) : joined;
}

/// The members of the object that describes the error, wherever it was found.
Fault members_of(const json::Value& object) {
  Fault fault;
  fault.type = first_of(object, {"type", "__type", "error_type"});
  if (fault.type == "error") fault.type.clear();  // the kind of the event, not of the error
  if (fault.type.empty()) fault.type = text_at(object, "status");
  fault.param = first_of(object, {"param"});
  fault.code = first_of(object, {"code"});
  const json::Value* message = json::find(object, "message");
  if (message != nullptr && message->is_object()) {  // Mistral: {"message": {"detail": […]}}
    fault.message = detail_of(*message);
    return fault;
  }
  fault.message = first_of(object, {"message", "Message", "faultstring", "msg", "title"});
  if (fault.message.empty()) fault.message = detail_of(object);
  return fault;
}

Fault fault_of(const json::Value& body) {
  if (const json::Array* list = body.if_array(); list != nullptr && !list->empty()) {
    return fault_of(list->front());
  }
  if (!body.is_object()) return {as_text(&body), {}, {}, {}};
  for (const std::string_view key : {"error", "fault"}) {
    const json::Value* inner = json::find(body, key);
    if (inner == nullptr || inner->is_null()) continue;
    if (inner->is_object()) return members_of(*inner);
    Fault fault = members_of(body);
    if (fault.message.empty()) fault.message = as_text(inner);
    return fault;
  }
  if (const json::Array& errors = array_at(body, "errors"); !errors.empty()) {
    return fault_of(errors.front());
  }
  return members_of(body);
}

/// Google's RetryInfo: `"retryDelay": "7.5s"`.
std::optional<std::chrono::milliseconds> retry_delay_of(std::string_view body) {
  const Result<json::Value> parsed = json::parse(body);
  if (!parsed) return std::nullopt;
  const json::Array* list = parsed->if_array();
  const json::Value& whole = list != nullptr && !list->empty() ? list->front() : *parsed;
  const json::Value* error = json::find(whole, "error");
  if (error == nullptr) return std::nullopt;
  for (const json::Value& detail : array_at(*error, "details")) {
    const std::string_view delay = text_at(detail, "retryDelay");
    double seconds = 0;
    const auto [end, failed] = std::from_chars(delay.data(), delay.data() + delay.size(), seconds);
    if (failed != std::errc{} || seconds < 0 || seconds > 1e6) continue;
    return std::chrono::milliseconds(std::llround(seconds * 1000));
  }
  return std::nullopt;
}

/// The fault with Bedrock's type, which stands in a header field: "ThrottlingException:http://…".
Fault fault_in(const UpstreamStatus& upstream) {
  Fault fault = read_fault(upstream.body);
  if (!fault.type.empty()) return fault;
  for (const auto& [name, value] : upstream.fields) {
    if (!equals_ignoring_case(name, kAwsErrorType)) continue;
    fault.type = repaired_utf8(std::string_view(value).substr(0, value.find(':')));
  }
  return fault;
}

Error make_error(UpstreamStatus upstream) {
  const Fault fault = fault_in(upstream);
  Error error;
  error.code = upstream.status == 429 ? ErrorCode::rate_limited : ErrorCode::upstream_status;
  error.origin = Origin::upstream;
  error.message =
      upstream.provider + " error: " +
      (fault.message.empty() ? "status " + std::to_string(upstream.status) : fault.message);
  error.param = fault.param;
  error.retry_after = retry_delay_of(upstream.body);
  error.upstream = std::move(upstream);
  return error;
}

Error malformed(ErrorCode code, std::string message, std::string_view provider) {
  Error error = upstream_error(code, std::move(message));
  error.upstream = UpstreamStatus{kBadGateway, std::string(provider), {}, {}, {}};
  return error;
}

}  // namespace

Fault read_fault(std::string_view body) {
  const Result<json::Value> parsed = json::parse(body);
  Fault fault = parsed ? fault_of(*parsed) : Fault{};
  if (fault.message.empty())
    fault.message = repaired_utf8(start_of(trimmed(body), kMaxMessageBytes));
  return fault;
}

Fault fault_of(const Error& error) {
  return error.upstream && !error.upstream->body.empty() ? fault_in(*error.upstream) : Fault{};
}

Error error_of(const FailedAnswer& answer) {
  return make_error({answer.status, std::string(answer.provider), std::string(answer.body),
                     std::string(answer.content_type), answer.fields});
}

Error error_in_answer(int status, std::string_view provider, std::string_view body) {
  return make_error({status, std::string(provider), std::string(body), "application/json", {}});
}

Error aws_exception(std::string_view provider, std::string_view name, std::string_view body) {
  const auto found = std::ranges::find(kAwsStatuses, name, &AwsStatus::name);
  const int status = found == kAwsStatuses.end() ? kInternalError : found->status;
  return make_error({status,
                     std::string(provider),
                     std::string(body),
                     "application/json",
                     {{std::string(kAwsErrorType), std::string(name)}}});
}

Error invalid_answer(std::string_view provider, std::string_view body) {
  return malformed(ErrorCode::upstream_malformed,
                   "Invalid response received from " + std::string(provider) + ": " +
                       repaired_utf8(start_of(trimmed(body), kShownBytes)),
                   provider);
}

Result<json::Value> parse_answer(std::string_view provider, std::string_view text) {
  Result<json::Value> value = json::parse(text);
  if (value && value->is_object()) return value;
  return fail(invalid_answer(provider, text));
}

Error cut_answer(std::string_view provider) {
  return malformed(ErrorCode::upstream_cut,
                   std::string(provider) + " error: the stream ended before the answer did.",
                   provider);
}

}  // namespace gatehouse::dialects
