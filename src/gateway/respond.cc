#include "gateway/respond.h"

#include <algorithm>
#include <utility>

#include "async/loop.h"
#include "base/text.h"
#include "gateway/hide_usage.h"
#include "gateway/rescue.h"

namespace gatehouse::gateway {

using exchange::Exchange;
using http::Chunk;
using http::Stream;

namespace {

void note_end_of_upstream(Exchange& exchange) {
  if (exchange.attempts.empty()) return;
  exchange::AttemptRecord& last = exchange.attempts.back();
  last.ended = async::Loop::current().now();
}

bool is_event_stream(std::string_view content_type) {
  return starts_with_ignoring_case(content_type, "text/event-stream");
}

}  // namespace

Stream<Chunk> without_usage(Stream<Chunk> in, Metering metering) {
  UsageHider hider;
  while (Chunk* const chunk = co_await in.next()) {
    hider.pass(*chunk, metering.meter());
    metering.note(chunk->is_last);
    if (chunk->size > 0) co_yield *chunk;
  }
  metering.end();
  std::string rest = hider.finish();
  if (!rest.empty()) co_yield async::make_chunk(std::move(rest));
}

// NOLINTNEXTLINE(readability-function-size): a coroutine's body counts as a level of its own
Stream<Chunk> delivered(Stream<Chunk> in, BodyShape shape, std::unique_ptr<usage::Meter> meter,
                        Settlement settlement) {
  Exchange& exchange = settlement.exchange();
  Observer observer(shape, Metering(std::move(meter), exchange), exchange.response);
  for (;;) {
    Result<Chunk*> next = co_await as_result(in.next());
    if (!next) {
      note_end_of_upstream(exchange);
      Error error = std::move(next.error());
      if (shape == BodyShape::event_stream) {
        std::string event = error_event(error, exchange.endpoint);
        // Behind half an event the error would be lost in its line.
        if (!observer.is_between_events()) event.insert(0, "\n\n");
        observer.see_own_event(event);
        co_yield async::make_chunk(std::move(event));
      }
      settlement.fail(error);
      // Not a clean end: the connection is cut, so that nobody takes the rest for the whole.
      co_await Result<void>(fail(std::move(error)));
    }
    Chunk* const chunk = *next;
    if (chunk == nullptr) break;
    if (!exchange.first_byte) exchange.first_byte = async::Loop::current().now();
    observer.see(*chunk);
    co_yield *chunk;
  }
  observer.see_end();
  note_end_of_upstream(exchange);
  if (exchange.error) {
    settlement.end(ending_of(*exchange.error));
  } else {
    settlement.complete();
  }
}

void add_routing_fields(const Exchange& exchange, http::FieldLines& fields) {
  if (exchange.option_index == "config" && exchange.retry_count == 0) {  // as nearly always
    fields.append(
        "x-portkey-last-used-option-index: config\r\nx-portkey-retry-attempt-count: 0\r\n");
    return;
  }
  fields.add("x-portkey-last-used-option-index", exchange.option_index);
  const int count = exchange.retry_count;
  fields.add("x-portkey-retry-attempt-count", count < 0 ? "-1" : std::to_string(count));
}

http::Response respond(attempt::AnswerPtr answer, Settlement settlement) {
  Exchange& exchange = settlement.exchange();
  exchange.status = answer->status;
  http::Response response;
  response.status = answer->status;
  response.fields = std::move(answer->fields);
  if (!answer->content_type.empty()) response.fields.add("content-type", answer->content_type);
  response.fields.add("x-portkey-trace-id", exchange.trace_id);
  response.fields.add("x-portkey-provider", exchange.provider);
  add_routing_fields(exchange, response.fields);
  if (exchange.cache != exchange::CacheStatus::undecided) {
    response.fields.add("x-portkey-cache-status", name_of(exchange.cache));
  }
  response.length = answer->length;
  response.is_body_ready = answer->is_body_ready;

  Stream<Chunk> body = std::move(answer->body);
  const auto coding = http::content_coding_of(answer->content_encoding);
  const bool is_plain = coding == http::ContentCoding::identity;
  const bool is_read = answer->plan.reading == Reading::understood && coding.has_value();
  if (is_read && !is_plain) {
    body = http::decode_content(std::move(body), *coding);
    response.length.reset();
    response.is_body_ready = false;
  } else if (!answer->content_encoding.empty()) {
    response.fields.add("content-encoding", answer->content_encoding);
  }
  const bool is_events = is_event_stream(answer->content_type);
  std::unique_ptr<usage::Meter> meter;
  if ((is_read || is_plain) && !answer->is_told) {
    meter = usage::make_meter(answer->content_type);
    if (is_events && meter && answer->plan.usage == UsageWish::ours) {
      // The meter before everything that changes bytes: it counts what the provider bills.
      body = without_usage(std::move(body), Metering(std::move(meter), exchange));
      response.length.reset();
    }
  }
  // Last, since it keeps what the client really gets, and closes the books when that has ended.
  response.body =
      delivered(std::move(body), is_events ? BodyShape::event_stream : BodyShape::document,
                std::move(meter), std::move(settlement));
  return response;
}

}  // namespace gatehouse::gateway
