#include "gateway/gateway.h"

#include <algorithm>
#include <future>
#include <thread>
#include <utility>

namespace gatehouse::gateway {

using async::Address;

/// A loop on its thread, and how the others reach it.
struct Gateway::Runner {
  std::promise<Result<void>> started;
  Worker* worker = nullptr;  // lives on the thread; valid from `started` until stop()
  std::atomic<bool> is_idle{false};
  std::atomic<std::uint64_t> settled{0};
  std::unique_ptr<async::Thread> thread;
};

namespace {

Result<std::vector<Address>> addresses_of(const config::Settings& settings) {
  std::vector<Address> addresses;
  for (const config::ListenAddress& each : settings.server.listen) {
    const std::optional<Address> address = async::parse_ip(each.host, each.port);
    if (!address) {
      return fail(gateway_error(ErrorCode::invalid_config,
                                "server.listen: '" + each.host + "' is no numeric address."));
    }
    addresses.push_back(*address);
  }
  return addresses;
}

routing::RetryBudget budget_of(const config::Settings& settings) {
  return {settings.routing.retry_share / 100.0, settings.routing.retries_per_second};
}

/// Who names certificates in the environment wants those, and all of them.
async::Authorities authorities_of(const config::Environment& environment) {
  const bool names_any = environment.find("SSL_CERT_FILE") || environment.find("SSL_CERT_DIR");
  return names_any ? async::Authorities::at_start : async::Authorities::when_needed;
}

}  // namespace

Gateway::Gateway(const Clock& clock, std::shared_ptr<const Snapshot> snapshot,
                 const GatewayStores& stores)
    : snapshot_(std::move(snapshot)),
      writer_(stores.writer),
      client_tls_(async::make_client_tls(snapshot_->settings().upstream.ca_file,
                                         authorities_of(snapshot_->environment()))),
      routing_(budget_of(snapshot_->settings())),
      shared_{clock,         resolver_,    background_,      client_tls_.get(), stores.log,
              stores.writer, stores.cache, stores.responses, routing_,          {}} {
  const config::TlsSettings& tls = snapshot_->settings().server.tls;
  if (tls.is_enabled()) server_tls_ = async::make_server_tls(tls.cert_file, tls.key_file);
}

Gateway::~Gateway() { stop(); }

Result<std::vector<Address>> Gateway::start() {
  Result<std::vector<Address>> addresses = addresses_of(snapshot_->settings());
  if (!addresses) return addresses;
  for (const Address& address : *addresses) {
    if (Result<void> free = http::check_free(address); !free) {
      return std::unexpected(std::move(free.error()));
    }
  }
  const std::size_t loops = loops_of(snapshot_->settings());
  shared_.loops = loops;
  for (std::size_t i = 0; i < loops; ++i) {
    if (Result<void> started = start_runner(*addresses); !started) {
      stop();
      return std::unexpected(std::move(started.error()));
    }
  }
  std::vector<const Metrics*> metrics;
  for (const auto& runner : runners_) metrics.push_back(&runner->worker->metrics());
  // Before any loop serves: each waits in its first turn until all are there.
  shared_.metrics = std::move(metrics);
  on_every_loop([](Worker&) {});
  return addresses;
}

Result<void> Gateway::start_runner(std::vector<Address>& addresses) {
  auto owned = std::make_unique<Runner>();
  Runner& runner = *owned;
  logs::LogQueue* const queue = writer_ != nullptr ? &writer_->add_queue() : nullptr;
  runners_.push_back(std::move(owned));
  runner.thread = std::make_unique<async::Thread>([this, &runner, queue, &addresses] {
    Worker worker(shared_, snapshot_, queue);
    runner.worker = &worker;
    for (Address& address : addresses) {
      // The first loop may get a port of the system's choice; the others join it there.
      Result<Address> bound = worker.server().listen(address, server_tls_.get());
      if (!bound) return runner.started.set_value(std::unexpected(std::move(bound.error())));
      address = *bound;
    }
    runner.started.set_value({});
    worker.loop().run();
  });
  return runner.started.get_future().get();
}

template <class Work>
void Gateway::on_every_loop(Work work) {
  for (const auto& runner : runners_) {
    runner->worker->loop().post([&worker = *runner->worker, work] { work(worker); });
  }
}

void Gateway::swap(std::shared_ptr<const Snapshot> snapshot) {
  snapshot_ = std::move(snapshot);
  on_every_loop([snapshot = snapshot_](Worker& worker) { worker.swap(snapshot); });
}

void Gateway::drain() {
  on_every_loop([](Worker& worker) { worker.server().drain(); });
}

bool Gateway::is_idle() {
  for (const auto& runner : runners_) {
    runner->worker->loop().post(
        [runner = runner.get()] { runner->is_idle = runner->worker->server().is_idle(); });
  }
  // What the loops said when they were asked last.
  return std::ranges::all_of(runners_, [](const auto& runner) { return runner->is_idle.load(); });
}

void Gateway::cut() {
  on_every_loop([](Worker& worker) {
    worker.books().start_cutting();
    worker.server().cut();
  });
}

void Gateway::stop() {
  resolver_.stop();
  background_.stop();
  for (const auto& runner : runners_) {
    if (runner->worker != nullptr && runner->thread) runner->worker->loop().stop();
  }
  for (const auto& runner : runners_) runner->thread.reset();
  runners_.clear();
}

std::uint64_t Gateway::settled() const {
  std::uint64_t sum = 0;
  for (const auto& runner : runners_) sum += runner->worker->books().closed();
  return sum;
}

}  // namespace gatehouse::gateway
