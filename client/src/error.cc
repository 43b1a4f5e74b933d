#include "gatehouse/error.h"

#include <utility>

#include "client/src/raise.h"

namespace gatehouse::client {

ClientError::ClientError(Failure failure)
    : std::runtime_error(failure.text), failure_(std::move(failure)) {}

// Defined here, so that each class has its type information in one place: the library.
ClientError::~ClientError() = default;
AuthenticationError::~AuthenticationError() = default;
MissingProviderKeyError::~MissingProviderKeyError() = default;
ModelNotSupportedError::~ModelNotSupportedError() = default;
RateLimitError::~RateLimitError() = default;
TimeoutError::~TimeoutError() = default;
ConnectionError::~ConnectionError() = default;
BadResponseError::~BadResponseError() = default;
RequestError::~RequestError() = default;
ServerError::~ServerError() = default;
CancelledError::~CancelledError() = default;
ConfigurationError::~ConfigurationError() = default;

void raise(Failure failure) {
  switch (failure.kind) {
    case ErrorKind::authentication: throw AuthenticationError(std::move(failure));
    case ErrorKind::missing_provider_key: throw MissingProviderKeyError(std::move(failure));
    case ErrorKind::model_not_supported: throw ModelNotSupportedError(std::move(failure));
    case ErrorKind::rate_limited: throw RateLimitError(std::move(failure));
    case ErrorKind::timeout: throw TimeoutError(std::move(failure));
    case ErrorKind::connection: throw ConnectionError(std::move(failure));
    case ErrorKind::bad_response: throw BadResponseError(std::move(failure));
    case ErrorKind::request: throw RequestError(std::move(failure));
    case ErrorKind::server: throw ServerError(std::move(failure));
    case ErrorKind::cancelled: throw CancelledError(std::move(failure));
    case ErrorKind::configuration: throw ConfigurationError(std::move(failure));
  }
  throw ClientError(std::move(failure));
}

Failure configuration_failure(std::string text) {
  Failure failure;
  failure.kind = ErrorKind::configuration;
  failure.text = std::move(text);
  return failure;
}

}  // namespace gatehouse::client
