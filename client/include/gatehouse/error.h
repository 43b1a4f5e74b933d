// What can go wrong, as exceptions: one class for each thing that a user would do differently.
// Their texts begin with the words of the troubleshooting page and say what to set.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

#include "gatehouse/export.h"

namespace gatehouse::client {

/// The kinds of failure, for a `switch` over ClientError::kind().
enum class ErrorKind : std::uint8_t {
  authentication,        ///< AuthenticationError
  missing_provider_key,  ///< MissingProviderKeyError
  model_not_supported,   ///< ModelNotSupportedError
  rate_limited,          ///< RateLimitError
  timeout,               ///< TimeoutError
  connection,            ///< ConnectionError
  bad_response,          ///< BadResponseError
  request,               ///< RequestError
  server,                ///< ServerError
  cancelled,             ///< CancelledError
  configuration,         ///< ConfigurationError
};

/// The facts of a failure. Plain values; none of them holds a secret that was configured.
struct Failure {
  /// Which of the classes it is thrown as.
  ErrorKind kind = ErrorKind::bad_response;
  /// What happened and what to do about it: what() of the exception.
  std::string text{};
  /// The HTTP status (RFC 9110, section 15), or 0 if no answer came.
  int status = 0;
  /// The message of the gateway or the provider in its own words (OpenAI, `error.message`).
  std::string detail{};
  /// OpenAI's `error.code`, or empty.
  std::string code{};
  /// The trace id of the answer (`x-portkey-trace-id`), to find the request in the gateway's
  /// record.
  std::string trace_id{};
  /// How long the gateway asks to wait (RFC 9110, `Retry-After`), in milliseconds.
  std::optional<std::chrono::milliseconds> retry_after{};
};

/// The base of all errors of this library. Copies share nothing; safe to carry between threads.
class GATEHOUSE_CLIENT_API ClientError : public std::runtime_error {
 public:
  /// what() is the failure's text.
  explicit ClientError(Failure failure);
  ClientError(const ClientError&) = default;
  ClientError(ClientError&&) = default;
  ClientError& operator=(const ClientError&) = default;
  ClientError& operator=(ClientError&&) = default;
  ~ClientError() override;

  /// Which of the classes below it is.
  ErrorKind kind() const noexcept { return failure_.kind; }
  /// Everything that is known about it.
  const Failure& failure() const noexcept { return failure_; }
  /// The HTTP status, or 0 if no answer came.
  int status() const noexcept { return failure_.status; }

 private:
  Failure failure_;
};

/// `Unauthorized (401)`: the gateway, or the provider behind it, does not accept the key.
class GATEHOUSE_CLIENT_API AuthenticationError : public ClientError {
 public:
  using ClientError::ClientError;
  ~AuthenticationError() override;
};

/// `Missing API key for provider`: neither the request nor the gateway has a credential for it.
class GATEHOUSE_CLIENT_API MissingProviderKeyError : public ClientError {
 public:
  using ClientError::ClientError;
  ~MissingProviderKeyError() override;
};

/// `Model not supported`: the gateway or the provider does not know the model.
class GATEHOUSE_CLIENT_API ModelNotSupportedError : public ClientError {
 public:
  using ClientError::ClientError;
  ~ModelNotSupportedError() override;
};

/// `Rate limit exceeded`: status 429; failure().retry_after says how long, if the answer did.
class GATEHOUSE_CLIENT_API RateLimitError : public ClientError {
 public:
  using ClientError::ClientError;
  ~RateLimitError() override;
};

/// OpenAIGPTConfig::timeout ran out, or the gateway's own (status 408, 504).
class GATEHOUSE_CLIENT_API TimeoutError : public ClientError {
 public:
  using ClientError::ClientError;
  ~TimeoutError() override;
};

/// No connection, after all retries: name resolution, TCP, TLS, or it broke before an answer.
class GATEHOUSE_CLIENT_API ConnectionError : public ClientError {
 public:
  using ClientError::ClientError;
  ~ConnectionError() override;
};

/// An answer that is not what the protocol promises, or that ended in the middle.
class GATEHOUSE_CLIENT_API BadResponseError : public ClientError {
 public:
  using ClientError::ClientError;
  ~BadResponseError() override;
};

/// The request was refused for a reason of its own: any other status from 400 to 499.
class GATEHOUSE_CLIENT_API RequestError : public ClientError {
 public:
  using ClientError::ClientError;
  ~RequestError() override;
};

/// The gateway or the provider failed: status 500 and above.
class GATEHOUSE_CLIENT_API ServerError : public ClientError {
 public:
  using ClientError::ClientError;
  ~ServerError() override;
};

/// The caller's std::stop_token was asked to stop. The connection has been closed.
class GATEHOUSE_CLIENT_API CancelledError : public ClientError {
 public:
  using ClientError::ClientError;
  ~CancelledError() override;
};

/// A setting that cannot be used: an address, a header, a file. Thrown before anything is sent.
class GATEHOUSE_CLIENT_API ConfigurationError : public ClientError {
 public:
  using ClientError::ClientError;
  ~ConfigurationError() override;
};

}  // namespace gatehouse::client
