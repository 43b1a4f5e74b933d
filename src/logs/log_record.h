// What is written down about one request once its answer has ended. Plain data: the request's own
// thread fills it in and packs it (see log_queue.h), and readers get it back.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "exchange/exchange.h"

namespace gatehouse::logs {

using exchange::Ending;
using exchange::Pairs;
using exchange::Streaming;

/// "upstream_failed" and back.
std::string_view name_of(Ending ending);
std::optional<Ending> ending_named(std::string_view name);

/// Durations of the whole request, from the first byte of its head to the last of its answer.
struct RecordTimes {
  std::chrono::microseconds total{};
  std::chrono::microseconds gateway{};                  // the gateway's own share of `total`
  std::optional<std::chrono::microseconds> first_byte;  // until the answer began
  std::optional<std::chrono::microseconds> upstream;    // waiting for and reading the provider
};

/// As the provider counted them; absent means that it did not say.
struct TokenCounts {
  std::optional<std::int64_t> prompt;
  std::optional<std::int64_t> completion;
  std::optional<std::int64_t> total;
  std::optional<std::int64_t> cached;
  std::optional<std::int64_t> reasoning;
};

/// One try at one target.
struct LoggedAttempt {
  std::string target;  // its path in the config: "config.targets[1]"
  std::string provider;
  std::string model;
  int status = 0;                     // 0: no answer came
  std::string error;                  // empty: none
  std::chrono::microseconds start{};  // after the start of the request
  std::chrono::microseconds wait{};   // the pause before this try
  std::chrono::microseconds total{};
  std::string reason{};  // first, retry, fallback, hedge, continue, restart
};

struct LoggedError {
  ErrorCode code = ErrorCode::internal;
  Origin origin = Origin::gateway;
  std::string message;
};

enum class BodyState : std::uint8_t {
  not_captured,  // capture is switched off, or there was no body
  whole,
  truncated,  // longer than the capture limit: `text` is its beginning
  gone,       // it was captured, and retention has removed it since
};

struct LoggedBody {
  std::string text;
  BodyState state = BodyState::not_captured;
  bool is_folded = false;  // the text is as folded_text.h makes it; never in what is read back
};

struct LogRecord {
  std::string id;  // make_uuid7(started)
  std::string trace_id;
  std::string span_id;
  std::string parent_span_id;
  std::string span_name;
  WallTime started{};

  std::string key_id;  // Principal::key_id; empty: anonymous
  Pairs metadata;      // values as text
  std::string user;
  std::string organization;
  Pairs headers;  // allow-listed request headers only, names in lower case

  std::string method;
  std::string path;      // without the query, which may hold credentials
  std::string endpoint;  // the internal endpoint name: "chatComplete"
  std::string provider;
  std::string model;           // as the client asked
  std::string answered_model;  // as the provider said

  Streaming streaming = Streaming::no;
  Ending ending = Ending::complete;
  int status = 0;
  RecordTimes times;
  TokenCounts tokens;
  std::optional<std::int64_t> cost_nano_usd;  // absent: not priced
  std::string finish_reason;
  std::string cache_status;  // as in x-portkey-cache-status; empty: no decision was made
  int retry_count = 0;       // -1: every retry was used up
  std::vector<LoggedAttempt>
      attempts;  // left empty when the first try was the only one and succeeded
  std::vector<std::string> dropped_params;
  std::optional<LoggedError> error;

  LoggedBody request;
  LoggedBody response;

  /// As new, but with the memory of its strings kept for the next request. Big bodies are let go.
  void clear();
};

}  // namespace gatehouse::logs
