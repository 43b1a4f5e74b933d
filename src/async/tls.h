// TLS over a Socket, by OpenSSL 3. The session reads and writes through the socket's own
// edge-triggered bookkeeping, so that a record costs no more system calls than plain bytes would.
#pragma once

#include <openssl/types.h>

#include <memory>
#include <span>
#include <string>

#include "async/socket.h"

namespace gatehouse::async {

struct FreeSslContext {
  void operator()(SSL_CTX* context) const;
};
using TlsContext = std::unique_ptr<SSL_CTX, FreeSslContext>;

/// When the system's certificate authorities are read: some 140 of them take 15 ms.
enum class Authorities : std::uint8_t {
  at_start,
  when_needed,  // each from the system's folder, where it is one that finds them by their names
};

/// For calling upstreams: verification on, the system's certificate authorities plus `ca_file` if
/// it is not empty, TLS 1.2 at least, ALPN http/1.1. Throws std::runtime_error at start-up.
TlsContext make_client_tls(const std::string& ca_file,
                           Authorities authorities = Authorities::at_start);

/// For a listener. Throws std::runtime_error naming the file that does not load.
TlsContext make_server_tls(const std::string& certificate_file, const std::string& key_file);

/// One TLS connection over one socket.
class TlsSession {
 public:
  TlsSession(SSL_CTX& context, detail::SocketState& socket);
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  detail::Transfer receive(std::span<char> into);
  detail::Transfer send(std::span<const iovec> pieces);
  /// Bytes that were read from the socket and not yet handed out.
  bool has_pending() const;
  /// One step of the handshake.
  detail::Transfer shake_hands();
  void be_client_of(const std::string& host);
  void be_server();
  /// On an idle connection: application data, an alert or an end, rather than mere session tickets.
  bool has_unexpected_data();
  /// Why the last step failed, for people.
  std::string failure() const;

 private:
  detail::Transfer after(int result);
  SSL* ssl_;
  std::string failure_;
};

/// Client handshake with SNI and host name check. Error: upstream_connection with the reason.
Task<void> start_tls(Socket& socket, SSL_CTX& context, std::string host, Timeout timeout);
/// Server handshake.
Task<void> accept_tls(Socket& socket, SSL_CTX& context, Timeout timeout);

}  // namespace gatehouse::async
