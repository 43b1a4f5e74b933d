#include "logs/log_record.h"

#include <array>
#include <string_view>

namespace gatehouse::logs {
namespace {

constexpr std::array<std::string_view, 4> kEndings = {"complete", "upstream_failed", "client_gone",
                                                      "deadline"};
constexpr std::size_t kKeptBodyCapacity = 4096;

void clear_body(LoggedBody& body) {
  body.state = BodyState::not_captured;
  body.is_folded = false;
  if (body.text.capacity() > kKeptBodyCapacity) {
    body.text = std::string();
  } else {
    body.text.clear();
  }
}

}  // namespace

std::string_view name_of(Ending ending) { return kEndings[static_cast<std::size_t>(ending)]; }

std::optional<Ending> ending_named(std::string_view name) {
  for (std::size_t i = 0; i < kEndings.size(); ++i) {
    if (kEndings[i] == name) return static_cast<Ending>(i);
  }
  return std::nullopt;
}

void LogRecord::clear() {
  for (std::string* text : {&id, &trace_id, &span_id, &parent_span_id, &span_name, &key_id, &user,
                            &organization, &method, &path, &endpoint, &provider, &model,
                            &answered_model, &finish_reason, &cache_status}) {
    text->clear();
  }
  metadata.clear();
  headers.clear();
  attempts.clear();
  dropped_params.clear();
  started = {};
  streaming = Streaming::no;
  ending = Ending::complete;
  status = 0;
  retry_count = 0;
  times = {};
  tokens = {};
  cost_nano_usd.reset();
  error.reset();
  clear_body(request);
  clear_body(response);
}

}  // namespace gatehouse::logs
