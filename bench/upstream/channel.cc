#include "bench/upstream/channel.h"

#include <openssl/err.h>
#include <sys/socket.h>

#include <cerrno>
#include <stdexcept>
#include <utility>

namespace gatehouse::bench {
namespace {

Channel::Outcome outcome_of(ssize_t result) {
  if (result > 0) return {Channel::State::moved, static_cast<std::size_t>(result)};
  const bool blocks = result < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
  return {blocks ? Channel::State::would_block : Channel::State::closed, 0};
}

}  // namespace

TlsContext tls_server_context(const std::string& certificate_file, const std::string& key_file) {
  TlsContext context(SSL_CTX_new(TLS_server_method()));
  SSL_CTX_set_mode(context.get(),
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  const bool is_fit =
      SSL_CTX_use_certificate_chain_file(context.get(), certificate_file.c_str()) == 1 &&
      SSL_CTX_use_PrivateKey_file(context.get(), key_file.c_str(), SSL_FILETYPE_PEM) == 1;
  if (!is_fit) throw std::runtime_error("cannot use " + certificate_file + " with " + key_file);
  return context;
}

Channel::Channel(Descriptor socket, SSL_CTX* context) : socket_(std::move(socket)) {
  if (context == nullptr) return;
  tls_.reset(SSL_new(context));
  SSL_set_fd(tls_.get(), socket_.get());
  SSL_set_accept_state(tls_.get());
}

Channel::Outcome Channel::outcome_of_tls(int result) const {
  if (result > 0) return {State::moved, static_cast<std::size_t>(result)};
  const int error = SSL_get_error(tls_.get(), result);
  const bool blocks = error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
  return {blocks ? State::would_block : State::closed, 0};
}

Channel::Outcome Channel::read(std::span<char> space) {
  if (!tls_) return outcome_of(recv(socket_.get(), space.data(), space.size(), 0));
  ERR_clear_error();
  return outcome_of_tls(SSL_read(tls_.get(), space.data(), static_cast<int>(space.size())));
}

Channel::Outcome Channel::write(std::string_view bytes) {
  if (!tls_) return outcome_of(send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL));
  ERR_clear_error();
  return outcome_of_tls(SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size())));
}

}  // namespace gatehouse::bench
