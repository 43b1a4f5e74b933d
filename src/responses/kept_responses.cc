#include "responses/kept_responses.h"

namespace gatehouse::responses {

void KeptResponses::keep(const StoredResponse& response) {
  if (const Result<void> put = store_.put(response); !put) lose(put.error());
}

void KeptResponses::lose(const Error& why) {
  lost_.fetch_add(1, std::memory_order_relaxed);
  {
    const std::scoped_lock lock(mutex_);
    const MonotonicTime now = clock_.now();
    if (reported_ && now - *reported_ < kReportPause) return;
    reported_ = now;
  }
  if (report_) report_(why);
}

}  // namespace gatehouse::responses
