#include "async/tls.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <stdexcept>

namespace gatehouse::async {
namespace {

using detail::Progress;
using detail::SocketState;
using detail::Transfer;

constexpr std::size_t kRecord =
    16 * 1024;  // RFC 8446 section 5.1: a record holds at most 2^14 bytes

/// SSL_get_error() wants the queue to be empty before a call. Clearing it takes two thousand
/// instructions, also when it is.
void forget_errors() {
  if (ERR_peek_error() != 0) ERR_clear_error();
}

std::string last_openssl_error() {
  const unsigned long code = ERR_peek_last_error();
  if (code == 0) return "connection closed";
  std::string text(256, '\0');
  ERR_error_string_n(code, text.data(), text.size());
  text.resize(std::strlen(text.c_str()));
  return text;
}

// A BIO that goes through the socket's own readiness flags: OpenSSL's socket BIO would pay one more
// recv per record to be told EAGAIN.
int bio_read(BIO* bio, char* out, int size) {
  auto& socket = *static_cast<SocketState*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  const Transfer got = socket.receive_raw({out, static_cast<std::size_t>(size)});
  if (got.progress == Progress::done) return static_cast<int>(got.size);
  if (got.progress == Progress::wait_readable) BIO_set_retry_read(bio);
  return -1;
}

int bio_write(BIO* bio, const char* bytes, int size) {
  auto& socket = *static_cast<SocketState*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  const iovec piece{const_cast<char*>(bytes), static_cast<std::size_t>(size)};
  const Transfer sent = socket.send_raw({&piece, 1});
  if (sent.progress == Progress::done) return static_cast<int>(sent.size);
  if (sent.progress == Progress::wait_writable) BIO_set_retry_write(bio);
  return -1;
}

long bio_control(BIO* /*bio*/, int command, long /*number*/, void* /*pointer*/) {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

BIO_METHOD* socket_bio() {
  static BIO_METHOD* const method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "gatehouse socket");
    BIO_meth_set_read(made, &bio_read);
    BIO_meth_set_write(made, &bio_write);
    BIO_meth_set_ctrl(made, &bio_control);
    return made;
  }();
  return method;
}

TlsContext make_context(const SSL_METHOD* method) {
  TlsContext context(SSL_CTX_new(method));
  if (!context) throw std::runtime_error("OpenSSL cannot make a context: " + last_openssl_error());
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE |
                                      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                      SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_read_ahead(context.get(), 1);
  return context;
}

// NOLINTNEXTLINE(readability-function-size): the parameters are OpenSSL's choice
int choose_http11(SSL* /*ssl*/, const unsigned char** out, unsigned char* size,
                  const unsigned char* offered, unsigned int offered_size, void* /*context*/) {
  static constexpr unsigned char kHttp11[] = "\x08http/1.1";
  auto** chosen = const_cast<unsigned char**>(out);
  if (SSL_select_next_proto(chosen, size, kHttp11, sizeof kHttp11 - 1, offered, offered_size) ==
      OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_OK;
  }
  return SSL_TLSEXT_ERR_NOACK;
}

/// Whether the system's folder of authorities has links named by hashes (openssl-rehash(1)).
bool finds_authorities_by_name() {
  constexpr std::size_t kHash = 8;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(X509_get_default_cert_dir(), error), end;
       !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    const bool is_link = name.size() == kHash + 2 && name.ends_with(".0");
    if (is_link && name.find_first_not_of("0123456789abcdef") == kHash) return true;
  }
  return false;
}

}  // namespace

void FreeSslContext::operator()(SSL_CTX* context) const { SSL_CTX_free(context); }

TlsContext make_client_tls(const std::string& ca_file, Authorities authorities) {
  TlsContext context = make_context(TLS_client_method());
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  if (authorities == Authorities::when_needed && finds_authorities_by_name()) {
    SSL_CTX_set_default_verify_dir(context.get());
  } else {
    SSL_CTX_set_default_verify_paths(context.get());
  }
  if (!ca_file.empty() &&
      SSL_CTX_load_verify_locations(context.get(), ca_file.c_str(), nullptr) != 1) {
    throw std::runtime_error("upstream.ca_file: cannot load '" + ca_file +
                             "': " + last_openssl_error());
  }
  static constexpr unsigned char kProtocols[] = "\x08http/1.1";
  SSL_CTX_set_alpn_protos(context.get(), kProtocols, sizeof kProtocols - 1);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_CLIENT);
  return context;
}

TlsContext make_server_tls(const std::string& certificate_file, const std::string& key_file) {
  TlsContext context = make_context(TLS_server_method());
  if (SSL_CTX_use_certificate_chain_file(context.get(), certificate_file.c_str()) != 1) {
    throw std::runtime_error("server.tls.cert_file: cannot load '" + certificate_file +
                             "': " + last_openssl_error());
  }
  if (SSL_CTX_use_PrivateKey_file(context.get(), key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
    throw std::runtime_error("server.tls.key_file: cannot load '" + key_file +
                             "': " + last_openssl_error());
  }
  SSL_CTX_set_alpn_select_cb(context.get(), &choose_http11, nullptr);
  return context;
}

TlsSession::TlsSession(SSL_CTX& context, SocketState& socket) : ssl_(SSL_new(&context)) {
  if (ssl_ == nullptr) throw std::bad_alloc();
  BIO* const bio = BIO_new(socket_bio());
  if (bio == nullptr) throw std::bad_alloc();
  BIO_set_data(bio, &socket);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_, bio, bio);
}

TlsSession::~TlsSession() { SSL_free(ssl_); }

void TlsSession::be_client_of(const std::string& host) {
  SSL_set_connect_state(ssl_);
  // RFC 6066 section 3: literal addresses are not allowed in server_name.
  if (parse_ip(host, 0)) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_), host.c_str());
  } else {
    SSL_set_tlsext_host_name(ssl_, host.c_str());
    SSL_set1_host(ssl_, host.c_str());
  }
}

void TlsSession::be_server() { SSL_set_accept_state(ssl_); }

Transfer TlsSession::after(int result) {
  const int reason = SSL_get_error(ssl_, result);
  if (reason == SSL_ERROR_WANT_READ) return {Progress::wait_readable, 0};
  if (reason == SSL_ERROR_WANT_WRITE) return {Progress::wait_writable, 0};
  if (reason == SSL_ERROR_ZERO_RETURN) return {Progress::done, 0};
  const long verdict = SSL_get_verify_result(ssl_);
  failure_ = verdict != X509_V_OK ? X509_verify_cert_error_string(verdict) : last_openssl_error();
  ERR_clear_error();
  return {Progress::failed, 0};
}

Transfer TlsSession::receive(std::span<char> into) {
  forget_errors();
  std::size_t size = 0;
  const int result = SSL_read_ex(ssl_, into.data(), into.size(), &size);
  return result == 1 ? Transfer{Progress::done, size} : after(result);
}

bool TlsSession::has_pending() const { return SSL_has_pending(ssl_) == 1; }

Transfer TlsSession::send(std::span<const iovec> pieces) {
  // Head and body go into one record: two would be two packets and two decryptions.
  thread_local std::array<char, kRecord> record;
  std::size_t filled = 0;
  for (const iovec& piece : pieces) {
    const std::size_t part = std::min(piece.iov_len, kRecord - filled);
    std::memcpy(record.data() + filled, piece.iov_base, part);
    filled += part;
    if (filled == kRecord) break;
  }
  forget_errors();
  std::size_t sent = 0;
  const int result = SSL_write_ex(ssl_, record.data(), filled, &sent);
  return result == 1 ? Transfer{Progress::done, sent} : after(result);
}

Transfer TlsSession::shake_hands() {
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_);
  if (result == 1) return {Progress::done, 1};
  const Transfer transfer = after(result);
  return transfer.progress == Progress::done ? Transfer{Progress::failed, 0} : transfer;
}

bool TlsSession::has_unexpected_data() {
  ERR_clear_error();
  char byte = 0;
  std::size_t size = 0;
  const int result = SSL_peek_ex(ssl_, &byte, 1, &size);
  return result == 1 || after(result).progress != Progress::wait_readable;
}

std::string TlsSession::failure() const {
  return failure_.empty() ? "connection closed" : failure_;
}

namespace {

// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<void> shake_hands(Socket& socket, TlsSession& session, Peer peer) {
  for (;;) {
    const Transfer step = session.shake_hands();
    if (step.progress == Progress::done) co_return;
    if (step.progress == Progress::failed) {
      std::string why = "TLS handshake failed: " + session.failure() + ".";
      const ErrorCode code =
          peer == Peer::client ? ErrorCode::client_gone : ErrorCode::upstream_connection;
      co_await Result<void>(fail(upstream_error(code, std::move(why))));
    }
    const bool wants_read = step.progress == Progress::wait_readable;
    co_await Readiness(socket.watch(),
                       wants_read ? Readiness::Kind::readable : Readiness::Kind::writable);
  }
}

// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<void> shake_hands_in_time(Socket& socket, TlsSession& session, Peer peer, Timeout timeout) {
  Timer timer(timeout);
  Error late = upstream_error(
      peer == Peer::client ? ErrorCode::client_gone : ErrorCode::upstream_connection,
      "TLS handshake not finished within " + std::to_string(timeout.count()) + " ms.");
  co_await until(shake_hands(socket, session, peer), timer.trigger(), std::move(late));
}

}  // namespace

// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<void> start_tls(Socket& socket, SSL_CTX& context, std::string host, Timeout timeout) {
  auto session = std::make_unique<TlsSession>(context, socket.state());
  session->be_client_of(host);
  co_await shake_hands_in_time(socket, *session, Peer::upstream, timeout);
  socket.set_tls(std::move(session));
}

// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<void> accept_tls(Socket& socket, SSL_CTX& context, Timeout timeout) {
  auto session = std::make_unique<TlsSession>(context, socket.state());
  session->be_server();
  co_await shake_hands_in_time(socket, *session, Peer::client, timeout);
  socket.set_tls(std::move(session));
}

}  // namespace gatehouse::async
