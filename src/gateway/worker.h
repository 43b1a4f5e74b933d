// What one loop owns: nothing of it is shared while requests run.
#pragma once

#include <memory>

#include "async/background.h"
#include "async/loop.h"
#include "auth/key_cache.h"
#include "base/random.h"
#include "cache/response_cache.h"
#include "gateway/books.h"
#include "gateway/metrics.h"
#include "gateway/snapshot.h"
#include "http/pool.h"
#include "http/server.h"
#include "logs/log_store.h"
#include "logs/log_writer.h"
#include "providers/signers/grant_cache.h"
#include "responses/kept_responses.h"
#include "routing/gate.h"
#include "routing/run_plan.h"

namespace gatehouse::gateway {

/// What all loops share; thread-safe, and outlives them.
struct Shared {
  const Clock& clock;
  async::Resolver& resolver;
  async::Background& background;
  SSL_CTX* client_tls;
  logs::LogStore* log_store;            // null: nothing is recorded
  const logs::LogWriter* log_writer;    // null if that is
  cache::ResponseCache* cache;          // null: no answer is kept
  responses::KeptResponses* responses;  // null: nobody can go on with a response
  routing::Memory& routing;
  std::vector<const Metrics*> metrics;  // of all workers
  std::size_t loops = 1;                // how many workers there are
};

class Worker final : public http::Handler {
 public:
  Worker(const Shared& shared, std::shared_ptr<const Snapshot> snapshot, logs::LogQueue* queue);

  /// serve.cc: the table of contents of a request.
  async::Task<http::Response> respond(http::Request& request) override;
  http::Response refuse(const Error& error) override;

  /// From now on, for requests that begin. On the loop's thread.
  void swap(std::shared_ptr<const Snapshot> snapshot);

  async::Loop& loop() { return loop_; }
  http::Server& server() { return server_; }
  const Metrics& metrics() const { return metrics_; }
  RequestBooks& books() { return books_; }
  http::Pool& pool() { return pool_; }
  Random& random() { return random_; }
  auth::KeyCache& key_cache() { return key_cache_; }
  providers::GrantCache& grants() { return grants_; }
  routing::Gate& gate() { return gate_; }
  const Shared& shared() const { return shared_; }
  const std::shared_ptr<const Snapshot>& snapshot() const { return snapshot_; }

 private:
  const Shared& shared_;
  std::shared_ptr<const Snapshot> snapshot_;
  FastRandom random_;
  Metrics metrics_;
  RequestBooks books_;
  auth::KeyCache key_cache_;
  providers::GrantCache grants_;
  routing::Gate gate_;
  async::Loop loop_;
  http::Pool pool_;
  http::Server server_;
};

}  // namespace gatehouse::gateway
