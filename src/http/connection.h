// One client connection: requests in, answers out, one after the other.
#pragma once

#include <string>

#include "async/until.h"
#include "http/server.h"

namespace gatehouse::http {

class Connection {
 public:
  Connection(Server& server, async::Socket socket, const async::Address& peer);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Serves until the connection ends. The task must be destroyed before the Connection.
  Task<void> serve(SSL_CTX* tls);

  /// Between requests: frees the memory that it keeps for the next one.
  void trim();
  /// Ends it soon: an idle one now, a busy one after its answer.
  void drain();
  /// Ends what is under way.
  void cut() { gone_.fire(); }

  Connection* previous = nullptr;
  Connection* next = nullptr;

 private:
  enum class Next : std::uint8_t { keep_alive, close };

  Task<bool> read_head();
  Task<Next> answer();
  Task<Next> refuse(Error error);
  Task<Next> write(Response response);
  Task<void> linger();
  std::string head_of(Response& response, bool is_chunked, bool keeps_alive);

  Server& server_;
  async::Socket socket_;
  std::string peer_ip_;
  async::Trigger gone_;
  std::string head_bytes_;  // what request_ points into
  RequestHead request_;
  BodySource body_;
  std::string surplus_;  // read beyond the last request
  MonotonicTime received_{};
  bool is_waiting_ = true;  // between requests
};

}  // namespace gatehouse::http
