// The record of one request and its answer: what each step of the flow finds out, for the steps
// after it and for the books. Plain data.
//
// Write once: each group of fields is set by the one step named above it; everyone else reads.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "exchange/cache_status.h"
#include "exchange/principal.h"
#include "llm/usage.h"

namespace gatehouse::exchange {

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// The internal endpoint names (wire-visible in records and messages): "chatComplete".
enum class Endpoint : std::uint8_t {
  chat_complete,
  complete,
  embed,
  moderate,
  image_generate,
  image_edit,
  create_speech,
  create_transcription,
  create_translation,
  upload_file,
  list_files,
  retrieve_file,
  delete_file,
  retrieve_file_content,
  create_batch,
  list_batches,
  retrieve_batch,
  cancel_batch,
  get_batch_output,
  create_finetune,
  list_finetunes,
  retrieve_finetune,
  cancel_finetune,
  messages,
  messages_count_tokens,
  create_response,
  rerank,
  list_models,
  proxy,
};
std::string_view name_of(Endpoint endpoint);

/// How a request ended. Exactly one of these, exactly once.
enum class Ending : std::uint8_t { complete, upstream_failed, client_gone, deadline };

enum class Streaming : std::uint8_t { no, yes };

/// A body as far as it is kept for the record.
struct Captured {
  std::string text;
  std::size_t limit = 0;  // bytes of the body
  bool is_on = false;
  bool is_truncated = false;
  bool is_folded = false;  // the text is as logs/folded_text.h makes it
};

/// What is known of a try before it is made. The views stay until it begins.
struct AttemptNote {
  std::string_view target = "config";  // its path in the config
  std::string_view reason = "first";   // first, retry, fallback, hedge, continue, restart
  std::chrono::milliseconds wait{};    // the pause before it
};

/// What the gateway made of one try; the list is in the order of trying.
struct AttemptRecord {
  std::string target;
  std::string reason;
  std::chrono::milliseconds wait{};
  std::string provider;
  std::string model;
  int status = 0;  // 0: no answer came
  std::string error;
  MonotonicTime started{};
  MonotonicTime ended{};
};

struct Exchange {
  // gateway/settlement.cc, when the request arrives
  MonotonicTime received{};
  WallTime started{};
  std::string id;           // UUIDv7
  std::string_view method;  // views into the request's head, which stays until it is settled
  std::string_view path;

  // gateway/identify.cc
  std::string trace_id;
  std::string span_id;
  std::string parent_span_id;
  std::string span_name;
  Pairs metadata;
  std::string user;
  std::string organization;
  Pairs headers;  // those that the operator allows in the record

  // gateway/route.cc
  Endpoint endpoint = Endpoint::proxy;

  // auth/authenticate.cc
  Principal principal;

  // gateway/read_request.cc
  Streaming streaming = Streaming::no;
  std::string model;  // as the client asked
  Captured request;

  // gateway/resolve.cc
  std::string provider;

  // gateway/serve_plan.cc
  std::string option_index = "config";  // the path of the leaf that answered
  int retry_count = 0;                  // of that leaf; -1: all were used up

  // gateway/answer_from_cache.cc
  CacheStatus cache = CacheStatus::undecided;
  std::chrono::microseconds waited{};  // for the answer of an identical call under way

  // attempt/
  std::vector<AttemptRecord> attempts;
  std::vector<std::string> dropped_params;

  // gateway/respond.cc: the answer, as far as it has been seen
  int status = 0;
  std::chrono::microseconds upstream_time{};
  std::optional<MonotonicTime> first_byte;
  Captured response;

  // usage/meter.cc
  std::string answered_model;
  std::string finish_reason;
  std::optional<llm::Usage> usage;

  // gateway/rescue.cc
  std::optional<Error> error;

  /// As new, so that nothing of one request reaches another, but for memory that the next one will
  /// want.
  void renew();
};

}  // namespace gatehouse::exchange
