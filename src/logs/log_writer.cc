#include "logs/log_writer.h"

#include <algorithm>
#include <span>
#include <utility>

#include "base/spare_memory.h"
#include "logs/redact.h"

namespace gatehouse::logs {
namespace {

constexpr std::chrono::seconds kRetryPause{1};
constexpr std::chrono::seconds kTidyPause{1};
constexpr std::chrono::minutes kReportPause{1};

WallTime ended_at(const LogRecordPtr& record) { return record->started + record->times.total; }

}  // namespace

LogWriter::LogWriter(LogStore& store, const Clock& clock,
                     std::function<void(const LogTrouble&)> report)
    : store_(store), clock_(clock), report_(std::move(report)) {}

LogQueue& LogWriter::add_queue(const QueueLimits& limits) {
  queues_.push_back(std::make_unique<LogQueue>(limits, [this] { wake(); }));
  batch_shares_.push_back(0);
  return *queues_.back();
}

void LogWriter::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    wait(stop);
    drain();
    rest();
  }
  flush();
}

/// After a burst: what it took is given back, about when the queues have let go of their blanks.
void LogWriter::rest() {
  constexpr int kQuietDrains = 40;
  if (was_busy_) {
    quiet_drains_ = 0;
  } else if (++quiet_drains_ == kQuietDrains) {
    release_spare_memory();
  }
}

void LogWriter::wait(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  woken_.wait_for(lock, stop, kDrainPeriod, [this] { return is_woken_; });
  is_woken_ = false;
}

void LogWriter::wake() {
  {
    const std::scoped_lock lock(mutex_);
    is_woken_ = true;
  }
  woken_.notify_one();
}

void LogWriter::drain() {
  if (!failure_ || clock_.now() >= retry_at_) {
    if (batch_.empty()) take_all();
    store_batch();
    tidy();
  }
  report_news();
}

void LogWriter::flush() {
  store_batch();
  if (batch_.empty()) {
    take_all();
    store_batch();
  }
  if (!batch_.empty()) {  // refused: what still waits in the queues would be, too
    take_all();
    refused_.fetch_add(batch_.size(), std::memory_order_relaxed);
    recycle_batch();
  }
  report_at_ = {};
  report_news();
}

void LogWriter::take_all() {
  const std::size_t before = batch_.size();
  for (std::size_t i = 0; i < queues_.size(); ++i) batch_shares_[i] += queues_[i]->take(batch_);
  was_busy_ = batch_.size() > before;
  const std::span<LogRecordPtr> taken = std::span(batch_).subspan(before);
  for (const LogRecordPtr& record : taken) redact(*record);
  // Each queue is in the order in which its requests ended; so shall the store be.
  if (queues_.size() > 1) std::ranges::stable_sort(taken, {}, ended_at);
}

void LogWriter::store_batch() {
  if (batch_.empty()) return;
  if (Result<void> stored = store_.append(batch_); !stored) {
    failure_ = std::move(*stored.error());
    retry_at_ = clock_.now() + kRetryPause;
    return;
  }
  failure_.reset();
  written_.fetch_add(batch_.size(), std::memory_order_relaxed);
  recycle_batch();
}

/// Each queue gets back as many as it gave; which ones does not matter.
void LogWriter::recycle_batch() {
  std::span<LogRecordPtr> rest(batch_);
  for (std::size_t i = 0; i < queues_.size(); ++i) {
    queues_[i]->recycle(rest.first(batch_shares_[i]));
    rest = rest.subspan(batch_shares_[i]);
    batch_shares_[i] = 0;
  }
  batch_.clear();
}

void LogWriter::tidy() {
  // Also while the store fails: what is removed may be the space that it needs.
  if (clock_.now() < tidy_at_) return;
  tidy_at_ = clock_.now() + kTidyPause;
  Result<void> tidied = store_.tidy();
  tidy_failure_.reset();
  if (!tidied) tidy_failure_ = std::move(*tidied.error());
}

void LogWriter::report_news() {
  const std::optional<Error>& error = failure_ ? failure_ : tidy_failure_;
  const Losses lost = losses();
  const bool is_news = error.has_value() || was_error_reported_ || lost != reported_;
  if (!is_news || clock_.now() < report_at_) return;
  was_error_reported_ = error.has_value();
  reported_ = lost;
  report_at_ = clock_.now() + kReportPause;
  if (report_) report_({error, lost});
}

Losses LogWriter::losses() const {
  Losses sum{refused_.load(std::memory_order_relaxed), 0};
  for (const std::unique_ptr<LogQueue>& queue : queues_) {
    const Losses part = queue->losses();
    sum.records += part.records;
    sum.bodies += part.bodies;
  }
  return sum;
}

}  // namespace gatehouse::logs
