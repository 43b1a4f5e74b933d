#include "gateway/judge.h"

#include <array>

#include "base/text.h"
#include "dialects/fault.h"
#include "gateway/rescue.h"
#include "routing/retry_policy.h"

namespace gatehouse::gateway {
namespace {

using routing::FailureKind;
using Words = std::array<std::string_view, 6>;

// How providers say it: codes, types and parts of messages, in lower case.
constexpr Words kContextLength = {"context_length_exceeded", "maximum context length",
                                  "prompt is too long",      "context window",
                                  "too many tokens",         "input token count"};
constexpr Words kContentFilter = {"content_filter",
                                  "content_policy_violation",
                                  "responsibleaipolicyviolation",
                                  "content management policy",
                                  "our safety system",
                                  "content_blocked"};

bool has_any(const std::string& text, const Words& words) {
  for (const std::string_view word : words) {
    if (text.find(word) != std::string::npos) return true;
  }
  return false;
}

FailureKind kind_of_status(const Error& error) {
  const int status = error.upstream->status;
  if (status == 408) return FailureKind::silence;
  if (status != 400 && status != 403 && status != 413 && status != 422) {
    return FailureKind::ordinary;
  }
  const dialects::Fault fault = dialects::fault_of(error);
  const std::string said = lowered(fault.code + " " + fault.type + " " + fault.message);
  if (has_any(said, kContextLength)) return FailureKind::context_length;
  if (has_any(said, kContentFilter)) return FailureKind::content_filter;
  return FailureKind::ordinary;
}

FailureKind kind_of(const Error& error) {
  if (error.upstream) return kind_of_status(error);
  switch (error.code) {
    case ErrorCode::request_timeout: return FailureKind::silence;
    case ErrorCode::upstream_connection:
    case ErrorCode::upstream_malformed:
    case ErrorCode::upstream_status:
    case ErrorCode::upstream_cut: return FailureKind::network;
    case ErrorCode::internal:
    case ErrorCode::client_gone:
    case ErrorCode::body_too_large: return FailureKind::ends_all;
    default: return FailureKind::ordinary;
  }
}

}  // namespace

routing::Judgement judge(const Error& error, WallTime now) {
  routing::Judgement judged;
  judged.status = words_of(error).status;
  judged.kind = kind_of(error);
  judged.retry_after = error.retry_after;
  if (error.upstream && !judged.retry_after) {
    judged.retry_after = routing::retry_after_of(error.upstream->fields, now);
  }
  return judged;
}

}  // namespace gatehouse::gateway
