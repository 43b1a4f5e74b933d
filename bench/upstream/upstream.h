// A provider to call in benchmarks: it answers every chat completion alike, at once or as a stream,
// and costs as little as it can, since it shares a CPU with the load.
//
// What it answers, by the first segment of the path:
//   /spaced/...   a stream is sent one event each `gap`, all streams at the same moments
//   /spread/...   the same, but out of step with each other, as those of different providers are
//   /held/...     a stream stops after its first event, until POST /control/release
//   /control/held      how many streams are held now, as {"held":N}
//   /control/release   lets them all end; answers how many there were
//   anything else      a stream is sent without a pause, one send() an event
// A request asks for a stream with `"stream":true` in its body; else it gets a JSON completion.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "bench/upstream/channel.h"
#include "bench/wire/message_reader.h"
#include "bench/wire/socket.h"

namespace gatehouse::bench {

/// One thread; run() does not return. A client that leaves is forgotten at once.
class Upstream {
 public:
  struct Settings {
    sockaddr_in plain{};
    sockaddr_in tls{};
    std::string certificate_file;  // empty: no TLS listener
    std::string key_file;
    std::chrono::nanoseconds gap{};
  };

  explicit Upstream(const Settings& settings);

  std::uint16_t plain_port() const { return port_of(plain_); }
  /// 0 without a TLS listener.
  std::uint16_t tls_port() const { return tls_.is_open() ? port_of(tls_) : std::uint16_t{0}; }

  [[noreturn]] void run();

 private:
  using Time = std::chrono::steady_clock::time_point;

  struct Client {
    Client(Descriptor socket, SSL_CTX* context)
        : channel(std::move(socket), context), reader(MessageKind::request) {}
    Channel channel;
    MessageReader reader;
    std::string unsent;
    std::size_t next_event = 0;  // of a stream that is under way
    bool is_closed = false;
  };

  void on_event(const epoll_event& event);
  void accept_all(const Descriptor& listener, SSL_CTX* context);
  void on_client(Client& client, unsigned events);
  void read_from(Client& client);
  void answer_all(Client& client, std::string_view bytes);
  void answer(Client& client);
  void answer_control(Client& client, std::string_view path);
  void answer_stream(Client& client, std::string_view path);
  void send_event(Client& client);
  void send_rest(Client& client);
  Time first_due(std::string_view path);
  void send_due(Time now);
  void send(Client& client, std::string_view bytes);
  void flush(Client& client);
  void close(Client& client);

  TlsContext context_;
  Descriptor plain_;
  Descriptor tls_;
  std::chrono::nanoseconds gap_;
  EventSet events_;

  std::string completion_;
  std::vector<std::string> stream_;  // as chunks; the first has the head before it

  std::unordered_map<Client*, std::unique_ptr<Client>> clients_;
  std::multimap<Time, Client*> due_;
  unsigned spread_streams_ = 0;  // begun so far
  std::unordered_set<Client*> held_;
  std::vector<std::unique_ptr<Client>>
      closed_;  // until the batch of events that names them is over
};

}  // namespace gatehouse::bench
