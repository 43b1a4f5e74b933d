#include "gateway/worker.h"

#include "base/ids.h"
#include "gateway/rescue.h"

namespace gatehouse::gateway {

Worker::Worker(const Shared& shared, std::shared_ptr<const Snapshot> snapshot,
               logs::LogQueue* queue)
    : shared_(shared),
      snapshot_(std::move(snapshot)),
      books_(queue, metrics_),
      loop_(shared.clock),
      pool_(shared.resolver, shared.client_tls, pool_limits_of(snapshot_->settings())),
      server_(loop_, *this, server_limits_of(snapshot_->settings())) {
  books_.set_body_rate(snapshot_->settings().logs.max_body_rate / shared_.loops);
  gate_.set_limits(gate_limits_of(snapshot_->settings()));
  loop_.on_rest([this] {
    books_.trim();
    server_.trim();
  });
}

void Worker::swap(std::shared_ptr<const Snapshot> snapshot) {
  snapshot_ = std::move(snapshot);
  pool_.set_limits(pool_limits_of(snapshot_->settings()));
  server_.set_limits(server_limits_of(snapshot_->settings()));
  books_.set_body_rate(snapshot_->settings().logs.max_body_rate / shared_.loops);
  gate_.set_limits(gate_limits_of(snapshot_->settings()));
}

http::Response Worker::refuse(const Error& error) { return refusal(error, make_uuid4(random_)); }

}  // namespace gatehouse::gateway
