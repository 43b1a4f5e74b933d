// The bytes of one accepted connection, plain or under TLS.
#pragma once

#include <openssl/ssl.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "bench/wire/socket.h"

namespace gatehouse::bench {

struct FreeContext {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using TlsContext = std::unique_ptr<SSL_CTX, FreeContext>;

/// A server's context, TLS 1.3 and session tickets on; throws std::runtime_error if the files are
/// unfit.
TlsContext tls_server_context(const std::string& certificate_file, const std::string& key_file);

class Channel {
 public:
  enum class State : unsigned char { moved, would_block, closed };
  struct Outcome {
    State state = State::closed;
    std::size_t size = 0;
  };

  /// `context` is null for a plain connection.
  Channel(Descriptor socket, SSL_CTX* context);

  Outcome read(std::span<char> space);
  Outcome write(std::string_view bytes);
  int descriptor() const { return socket_.get(); }

 private:
  struct FreeSession {
    void operator()(SSL* session) const { SSL_free(session); }
  };

  Outcome outcome_of_tls(int result) const;

  Descriptor socket_;
  std::unique_ptr<SSL, FreeSession> tls_;
};

}  // namespace gatehouse::bench
