// The HTTP/1.1 server of one loop: accepts, reads requests, writes answers. What an answer is, a
// Handler says.
//
// Protocol of use: make a Server per loop with the same Handler kind, listen(), run the loop. To
// stop: drain(), let the loop turn until is_idle() or the patience ends, then cut().
#pragma once

#include <openssl/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "async/address.h"
#include "async/loop.h"
#include "async/socket.h"
#include "async/stream.h"
#include "http/body.h"
#include "http/head.h"

namespace gatehouse::http {

/// One request as a handler sees it. Valid until the answer's body has ended.
class Request {
 public:
  Request(RequestHead& parsed, BodySource& source, std::string_view peer)
      : head(parsed), peer_ip(peer), source_(source) {}
  RequestHead& head;
  std::string_view peer_ip;
  /// When the first byte of the head was there.
  MonotonicTime received{};

  /// The body's bytes as they come; once. An `Expect: 100-continue` is answered now.
  Stream<Chunk> body();
  /// The whole body as one text, if it came with the head, as short ones do, and is not longer than
  /// `limit`; else ask collect_body.
  std::optional<std::string> take_short_body(std::size_t limit);
  /// The whole body as one text. Error: body_too_large (413).
  Task<std::string> collect_body(std::size_t limit);
  bool has_body() const { return head.framing != Framing::none; }

 private:
  void allow_body();
  BodySource& source_;
};

struct Response {
  int status = 200;
  FieldLines fields;                    // without framing fields: the server writes those
  std::optional<std::uint64_t> length;  // of the body, if known; otherwise it is sent in chunks
  Stream<Chunk> body;                   // none: no body
  /// The first chunk can be had without waiting: head and chunk leave in one system call.
  bool is_body_ready = false;
};

/// A body of one text, for answers that are made here.
Stream<Chunk> one_chunk(std::string text);

class Handler {
 public:
  virtual ~Handler() = default;
  /// Answers one request. An Error here is answered with refuse(). Cancellation: destroyed when the
  /// client leaves; the Response's body likewise.
  virtual Task<Response> respond(Request& request) = 0;
  /// The answer to a request that could not be read, or not be answered.
  virtual Response refuse(const Error& error) = 0;
};

/// Whether somebody listens there already. listen() itself would join him, since SO_REUSEPORT is
/// how the loops of one process share a port. Error: as listen().
Result<void> check_free(const async::Address& address);

struct ServerLimits {
  HeadLimits head;
  std::size_t max_connections = 50'000;  // a loop
  Timeout header_timeout{10'000};        // from the first byte of a head to its last
  Timeout body_timeout{60'000};          // between bytes of a body
  Timeout idle_timeout{75'000};          // between requests
  Timeout write_timeout{60'000};         // a client that reads nothing
};

class Connection;

class Server {
 public:
  Server(async::Loop& loop, Handler& handler, ServerLimits limits);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Binds with SO_REUSEPORT, so that every loop has its own queue. `tls` may be null and must
  /// outlive the server. Error: gateway, saying which address and why.
  Result<async::Address> listen(const async::Address& address, SSL_CTX* tls);
  /// Frees what connections that wait keep for their next request.
  void trim();
  /// Takes no new connections, closes idle ones, and lets requests under way end.
  void drain();
  /// Ends everything that is still under way.
  void cut();
  bool is_idle() const { return connections_ == 0; }
  bool is_draining() const { return is_draining_; }
  std::size_t connections() const { return connections_; }
  void set_limits(ServerLimits limits) { limits_ = limits; }
  const ServerLimits& limits() const { return limits_; }

 private:
  friend class Connection;
  struct Listener;
  Task<void> accept_all(Listener& listener);
  void take_connection(int fd, const async::Address& peer, SSL_CTX* tls);

  async::Loop& loop_;
  Handler& handler_;
  ServerLimits limits_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  Connection* first_ = nullptr;
  std::size_t connections_ = 0;
  bool is_draining_ = false;
};

}  // namespace gatehouse::http
