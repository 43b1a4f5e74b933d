// A gateway for tests, in a thread of this process: it answers as it is told, remembers what it was
// asked, and notices when a client leaves.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "async/loop.h"
#include "async/thread.h"
#include "base/text.h"
#include "http/server.h"

namespace gatehouse::client::testing {

/// One request, as it came.
struct Seen {
  std::string path;
  std::map<std::string, std::string> fields;  // by lower-case name
  std::string body;
};

/// How an answer ends: as it should, never, or with a closed connection in its middle.
enum class Ending : std::uint8_t { complete, stall, cut };

/// One answer.
struct Scripted {
  int status = 200;
  std::map<std::string, std::string> fields{{"content-type", "application/json"}};
  std::vector<std::string> pieces;
  Ending ending = Ending::complete;
};

inline Scripted json_answer(std::string body) { return {.pieces = {std::move(body)}}; }
inline Scripted refusal(int status, std::string body) {
  Scripted answer = json_answer(std::move(body));
  answer.status = status;
  return answer;
}
inline Scripted event_stream(const std::vector<std::string>& events) {
  Scripted answer{.fields = {{"content-type", "text/event-stream"}}, .pieces = {}};
  for (const std::string& event : events) answer.pieces.push_back("data: " + event + "\n\n");
  return answer;
}
/// A chat.completion that says `text`.
inline Scripted says(const std::string& text) {
  return json_answer(
      R"({"id":"c1","model":"m-1","choices":[{"index":0,"message":{"role":"assistant","content":")" +
      text + R"("},"finish_reason":"stop"}],"usage":{"prompt_tokens":11,"completion_tokens":7,)" +
      R"("total_tokens":18,"prompt_tokens_details":{"cached_tokens":3}}})");
}
/// A chunk of a stream that says `text`.
inline std::string chunk(const std::string& text) {
  return R"({"id":"c1","model":"m-1","choices":[{"index":0,"delta":{"content":")" + text +
         R"("}}]})";
}

class FakeGateway : private http::Handler {
 public:
  using Script = std::function<Scripted(const Seen&)>;

  explicit FakeGateway(Script script) : script_(std::move(script)) {
    std::promise<std::uint16_t> port;
    thread_.emplace([this, &port] { run(port); });
    port_ = port.get_future().get();
  }
  FakeGateway(const FakeGateway&) = delete;
  FakeGateway& operator=(const FakeGateway&) = delete;
  ~FakeGateway() override {
    loop_->stop();
    may_end_.set_value();
    thread_.reset();
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

  std::vector<Seen> seen() const {
    const std::lock_guard lock(mutex_);
    return seen_;
  }
  /// The only request so far.
  Seen only() const {
    const std::vector<Seen> all = seen();
    return all.size() == 1 ? all.front()
                           : Seen{"not one request but " + std::to_string(all.size()), {}, {}};
  }
  /// Waits until `count` answers have been dropped before their end; false if they never are.
  [[nodiscard]] bool wait_for_dropped(int count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [&] { return dropped_ >= count; });
  }
  /// Waits until that many requests have come; false if they never do.
  [[nodiscard]] bool wait_for_seen(std::size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [&] { return seen_.size() >= count; });
  }

 private:
  static constexpr std::chrono::seconds kPatience{20};

  /// Counts an answer that was dropped. A parameter, so that it dies with the coroutine.
  struct EndOfAnswer {
    explicit EndOfAnswer(FakeGateway& owner) : gateway(&owner) {}
    EndOfAnswer(EndOfAnswer&& other) noexcept : gateway(std::exchange(other.gateway, nullptr)) {}
    EndOfAnswer& operator=(EndOfAnswer&&) = delete;
    ~EndOfAnswer() {
      if (gateway == nullptr) return;
      const std::lock_guard lock(gateway->mutex_);
      ++gateway->dropped_;
      gateway->changed_.notify_all();
    }
    void is_complete() { gateway = nullptr; }
    FakeGateway* gateway;
  };

  static http::Stream<http::Chunk> body_of(Scripted answer, EndOfAnswer end) {
    for (std::string& piece : answer.pieces) co_yield async::make_chunk(std::move(piece));
    if (answer.ending == Ending::stall) {
      async::Trigger never;
      co_await async::Fired(never);
    }
    if (answer.ending == Ending::cut) {
      co_await Result<void>(fail(upstream_error(ErrorCode::upstream_cut, "as scripted")));
    }
    end.is_complete();
  }

  async::Task<http::Response> respond(http::Request& request) override {
    Seen seen{std::string(request.head.target), {}, {}};
    for (const http::Field& field : request.head.fields) {
      seen.fields[lowered(field.name)] = field.value;
    }
    seen.body = co_await request.collect_body(std::size_t{1} << 24U);
    Scripted answer = script_(seen);
    {
      const std::lock_guard lock(mutex_);
      seen_.push_back(std::move(seen));
      changed_.notify_all();
    }
    http::Response response;
    response.status = answer.status;
    for (const auto& [name, value] : answer.fields) response.fields.add(name, value);
    response.body = body_of(std::move(answer), EndOfAnswer(*this));
    co_return std::move(response);
  }
  http::Response refuse(const Error& error) override {
    http::Response response;
    response.status = 500;
    response.body = http::one_chunk(error.message);
    return response;
  }

  void run(std::promise<std::uint16_t>& port) {
    async::Loop loop(clock_);
    http::Server server(loop, *this, {});
    loop_ = &loop;
    const Result<async::Address> bound = server.listen(*async::parse_ip("127.0.0.1", 0), nullptr);
    port.set_value(bound ? bound->port() : 0);
    loop.run();
    may_end_.get_future().wait();
    server.drain();
    server.cut();
    loop.turn(std::chrono::milliseconds(0));  // lets go of what listened and what was open
  }

  Script script_;
  SystemClock clock_;
  std::uint16_t port_ = 0;
  async::Loop* loop_ = nullptr;
  std::promise<void> may_end_;  // nobody touches the loop any more
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Seen> seen_;
  int dropped_ = 0;
  std::optional<async::Thread> thread_;
};

/// Sets a variable for one test, or takes it away.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) {
    value == nullptr ? unsetenv(name) : setenv(name, value, 1);
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() { unsetenv(name_); }

 private:
  const char* name_;
};

}  // namespace gatehouse::client::testing
