#include "logs/log_writer.h"

#include <iterator>
#include <utility>

#include "base/spare_memory.h"

namespace gatehouse::logs {
namespace {

constexpr std::chrono::seconds kRetryPause{1};
constexpr std::chrono::seconds kTidyPause{1};
constexpr std::chrono::minutes kReportPause{1};

// Records of several loops are put in order one by one as long as that costs little. Where more
// come at once, theirs are mixed by batches, so that two may have changed places within a drain.
constexpr std::size_t kMostInOrder = 500;

}  // namespace

LogWriter::LogWriter(LogStore& store, const Clock& clock,
                     std::function<void(const LogTrouble&)> report)
    : store_(store), clock_(clock), report_(std::move(report)) {}

LogQueue& LogWriter::add_queue(const QueueLimits& limits) {
  queues_.push_back(std::make_unique<LogQueue>(limits, [this] { wake(); }));
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
    if (batches_.empty()) take_all();
    store_batch();
    tidy();
  }
  report_news();
}

void LogWriter::flush() {
  store_batch();
  if (batches_.empty()) {
    take_all();
    store_batch();
  }
  if (!batches_.empty()) {  // refused: what still waits in the queues would be, too
    take_all();
    refused_.fetch_add(records_in(batches_), std::memory_order_relaxed);
    batches_.clear();
  }
  report_at_ = {};
  report_news();
}

void LogWriter::take_all() {
  std::vector<PackedBatch> taken;
  std::size_t records = 0;
  std::size_t sources = 0;
  for (const std::unique_ptr<LogQueue>& queue : queues_) {
    const std::size_t count = queue->take(taken);
    records += count;
    sources += count > 0 ? 1 : 0;
  }
  was_busy_ = records > 0;
  // Each queue is in the order in which its requests ended; so shall the store be.
  if (sources > 1 && records <= kMostInOrder) taken = in_order(taken);
  batches_.insert(batches_.end(), std::move_iterator(taken.begin()),
                  std::move_iterator(taken.end()));
}

void LogWriter::store_batch() {
  if (batches_.empty()) return;
  if (Result<void> stored = store_.append(batches_); !stored) {
    failure_ = std::move(*stored.error());
    retry_at_ = clock_.now() + kRetryPause;
    return;
  }
  failure_.reset();
  written_.fetch_add(records_in(batches_), std::memory_order_relaxed);
  batches_.clear();
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
