// What a process owns: its loops, each with a worker, and what they share.
//
// Protocol of use: make it, start(), then swap() on each reload; to end: drain(), wait for
// is_idle() or lose patience and cut(), then stop().
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "async/background.h"
#include "async/resolver.h"
#include "async/thread.h"
#include "async/tls.h"
#include "gateway/worker.h"
#include "logs/log_writer.h"

namespace gatehouse::gateway {

/// Where a gateway keeps things. Each may be null: then nothing of its kind is kept.
struct GatewayStores {
  logs::LogStore* log = nullptr;
  logs::LogWriter* writer = nullptr;
  cache::ResponseCache* cache = nullptr;
  responses::KeptResponses* responses = nullptr;
};

class Gateway {
 public:
  /// The arguments outlive the gateway. Throws std::runtime_error when a TLS file does not load.
  Gateway(const Clock& clock, std::shared_ptr<const Snapshot> snapshot,
          const GatewayStores& stores);
  ~Gateway();
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  /// Starts the loops and listens. Gives the addresses that are really bound. Error: which address
  /// could not be had and why.
  Result<std::vector<async::Address>> start();
  /// The snapshot for requests that begin from now on.
  void swap(std::shared_ptr<const Snapshot> snapshot);
  void drain();
  bool is_idle();
  void cut();
  /// Ends the loops and waits for their threads.
  void stop();
  /// Settled requests so far.
  std::uint64_t settled() const;

 private:
  struct Runner;
  Result<void> start_runner(std::vector<async::Address>& addresses);
  template <class Work>
  void on_every_loop(Work work);

  std::shared_ptr<const Snapshot> snapshot_;
  logs::LogWriter* writer_;
  async::Resolver resolver_;
  async::Background background_{2};
  async::TlsContext client_tls_;
  async::TlsContext server_tls_;
  routing::Memory routing_;
  Shared shared_;
  std::vector<std::unique_ptr<Runner>> runners_;
};

}  // namespace gatehouse::gateway
