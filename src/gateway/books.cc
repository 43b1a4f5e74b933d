#include "gateway/books.h"

#include <span>
#include <utility>

#include "async/frame_pool.h"
#include "async/loop.h"
#include "base/process_log.h"

namespace gatehouse::gateway {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;

logs::Ending as_logged(Ending ending) { return static_cast<logs::Ending>(ending); }
static_assert(static_cast<int>(Ending::deadline) == static_cast<int>(logs::Ending::deadline));

void take_body(exchange::Captured& from, logs::LoggedBody& to) {
  if (!from.is_on) return;
  to.text = std::move(from.text);
  to.is_folded = from.is_folded;
  to.state = from.is_truncated ? logs::BodyState::truncated : logs::BodyState::whole;
}

/// Of what most requests do not have. The record is a blank one.
template <class T>
void take_if_any(T& from, T& to) {
  if (!from.empty()) to = std::move(from);
}

void take_identity(Exchange& from, logs::LogRecord& to) {
  to.id = std::move(from.id);
  to.trace_id = std::move(from.trace_id);
  take_if_any(from.span_id, to.span_id);
  take_if_any(from.parent_span_id, to.parent_span_id);
  take_if_any(from.span_name, to.span_name);
  to.started = from.started;
  to.key_id = std::move(from.principal.key_id);
  take_if_any(from.metadata, to.metadata);
  take_if_any(from.user, to.user);
  take_if_any(from.organization, to.organization);
  take_if_any(from.headers, to.headers);
  to.method = from.method;
  to.path = from.path;
  to.endpoint.assign(name_of(from.endpoint));
}

void take_outcome(Exchange& from, Ending ending, logs::LogRecord& to) {
  to.provider = std::move(from.provider);
  to.model = std::move(from.model);
  to.answered_model = std::move(from.answered_model);
  to.streaming = static_cast<logs::Streaming>(from.streaming);
  to.ending = as_logged(ending);
  to.status = from.status;
  to.finish_reason = std::move(from.finish_reason);
  to.retry_count = from.retry_count;
  take_if_any(from.dropped_params, to.dropped_params);
  if (from.cache != exchange::CacheStatus::undecided) to.cache_status.assign(name_of(from.cache));
  // Its tokens stand there all the same: they are what was saved.
  if (exchange::is_hit(from.cache)) to.cost_nano_usd = 0;
  if (from.usage) {
    to.tokens = {from.usage->prompt_tokens, from.usage->completion_tokens, from.usage->total_tokens,
                 from.usage->cached_tokens, from.usage->reasoning_tokens};
  }
  if (from.error)
    to.error =
        logs::LoggedError{from.error->code, from.error->origin, std::move(from.error->message)};
  take_body(from.request, to.request);
  take_body(from.response, to.response);
}

void copy_times(const Exchange& from, MonotonicTime now, logs::LogRecord& to) {
  to.times.total = duration_cast<microseconds>(now - from.received);
  to.times.gateway = to.times.total - from.waited;
  if (from.first_byte) {
    to.times.first_byte = duration_cast<microseconds>(*from.first_byte - from.received);
  }
  if (from.attempts.empty()) return;
  microseconds upstream{};
  for (const exchange::AttemptRecord& attempt : from.attempts) {
    const MonotonicTime end = attempt.ended > attempt.started ? attempt.ended : now;
    upstream += duration_cast<microseconds>(end - attempt.started);
  }
  to.times.upstream = upstream;
  to.times.gateway = std::max(microseconds{0}, to.times.gateway - upstream);
}

void copy_attempts(const Exchange& from, logs::LogRecord& to) {
  // The usual single try that went well says nothing that the record does not say already.
  if (from.attempts.size() == 1 && from.attempts.front().error.empty()) return;
  for (const exchange::AttemptRecord& each : from.attempts) {
    to.attempts.push_back({each.target, each.provider, each.model, each.status, each.error,
                           duration_cast<microseconds>(each.started - from.received),
                           duration_cast<microseconds>(each.wait),
                           duration_cast<microseconds>(each.ended - each.started), each.reason});
  }
}

void say_decisions(const Exchange& exchange, Ending ending, MonotonicTime now) {
  std::string line(exchange.method);
  line.append(" ").append(exchange.path).append(" trace=").append(exchange.trace_id);
  line.append(" key=").append(exchange.principal.key_id).append(" endpoint=");
  line.append(name_of(exchange.endpoint)).append(" model=").append(exchange.model);
  line.append(" provider=").append(exchange.provider);
  for (const exchange::AttemptRecord& each : exchange.attempts) {
    line.append(" attempt={target=").append(each.target).append(" model=").append(each.model);
    line.append(" status=").append(std::to_string(each.status)).append("}");
  }
  line.append(" status=").append(std::to_string(exchange.status)).append(" end=");
  line.append(logs::name_of(as_logged(ending))).append(" total_us=");
  line.append(std::to_string(duration_cast<microseconds>(now - exchange.received).count()));
  if (exchange.error) line.append(" error=").append(name_of(exchange.error->code));
  log(LogLevel::debug, line);
}

}  // namespace

void RequestBooks::close(std::unique_ptr<Exchange> exchange, Ending ending) noexcept {
  async::Loop& loop = async::Loop::current();
  if (waiting_ == 0) loop.defer([this] { write_up(); });
  Settled& settled = settled_[waiting_++];
  settled.ending = ending;
  // Asked of the clock itself: an answer may have taken all of this turn of the loop.
  settled.at = loop.clock().now();
  settled.request_line.assign(exchange->method).append(exchange->path);
  const std::string_view line = settled.request_line;
  exchange->method = line.substr(0, exchange->method.size());
  exchange->path = line.substr(exchange->method.size());
#ifdef GATEHOUSE_PLAIN_FRAMES  // a sanitizer shall see who still looks at what was settled
  exchange = std::make_unique<Exchange>(std::move(*exchange));
#endif
  settled.exchange = std::move(exchange);
  if (waiting_ == kTogether) write_up();
}

void RequestBooks::write_up() noexcept {
  for (Settled& settled : std::span(settled_).first(std::exchange(waiting_, 0))) {
    write_up(settled);
    take_back(std::move(settled.exchange));
    closed_.fetch_add(1, std::memory_order_relaxed);
  }
}

void RequestBooks::write_up(Settled& settled) {
  Exchange& exchange = *settled.exchange;
  metrics_.count(exchange, settled.ending, settled.at);
  if (is_logged(LogLevel::debug)) say_decisions(exchange, settled.ending, settled.at);
  if (queue_ == nullptr) return;
  allowance_.spend(exchange.request.text.size() + exchange.response.text.size());
  logs::LogRecord& record = queue_->blank();
  copy_times(exchange, settled.at, record);
  copy_attempts(exchange, record);
  take_identity(exchange, record);
  take_outcome(exchange, settled.ending, record);
  queue_->push();
}

std::unique_ptr<Exchange> RequestBooks::open() {
  if (spare_.empty()) return std::make_unique<Exchange>();
  std::unique_ptr<Exchange> exchange = std::move(spare_.back());
  spare_.pop_back();
  return exchange;
}

void RequestBooks::take_back(std::unique_ptr<Exchange> closed) noexcept {
  if (spare_.size() == kSpare) return;
  closed->renew();
  spare_.push_back(std::move(closed));
}

}  // namespace gatehouse::gateway
