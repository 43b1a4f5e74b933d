#include "client/src/engine.h"

#include <map>
#include <mutex>
#include <stdexcept>

namespace gatehouse::client {

Outcome<std::shared_ptr<Engine>> Engine::shared(const Trust& trust) {
  static std::mutex mutex;
  static std::map<std::string, std::weak_ptr<Engine>> engines;
  const std::lock_guard lock(mutex);
  std::weak_ptr<Engine>& known = engines[trust.is_tls ? "tls " + trust.ca_file : "plain"];
  if (std::shared_ptr<Engine> engine = known.lock()) return engine;
  async::TlsContext tls;
  try {
    if (trust.is_tls) tls = async::make_client_tls(trust.ca_file);
  } catch (const std::runtime_error& error) {
    return std::unexpected(configuration_failure(std::string("TLS cannot be set up: ") +
                                                 error.what() + " (OpenAIGPTConfig::ca_file)"));
  }
  auto engine = std::make_shared<Engine>(std::move(tls));
  known = engine;
  return engine;
}

Engine::Engine(async::TlsContext tls) : tls_(std::move(tls)) {
  std::promise<void> is_running;
  thread_.emplace([this, &is_running] { run(is_running); });
  is_running.get_future().get();
}

Engine::~Engine() {
  loop_->stop();
  may_end_.set_value();
  thread_.reset();
}

void Engine::run(std::promise<void>& is_running) {
  std::optional<async::Loop> loop;
  try {
    loop.emplace(clock_);
  } catch (...) {  // no descriptors left: whoever makes the client is told
    is_running.set_exception(std::current_exception());
    return;
  }
  http::Pool pool(resolver_, tls_.get(), {});
  loop_ = &*loop;
  pool_ = &pool;
  is_running.set_value();
  loop->run();
  may_end_.get_future().wait();
  resolver_.stop();
}

}  // namespace gatehouse::client
