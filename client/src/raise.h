// From a Failure to the exception of its kind.
#pragma once

#include <expected>
#include <string>

#include "gatehouse/error.h"

namespace gatehouse::client {

/// What a call inside the library comes to; exceptions begin at its surface.
template <class T>
using Outcome = std::expected<T, Failure>;

[[noreturn]] void raise(Failure failure);

/// The value, or the exception.
template <class T>
T value_or_raise(Outcome<T> outcome) {
  if (!outcome) raise(std::move(outcome.error()));
  return std::move(*outcome);
}

Failure configuration_failure(std::string text);

}  // namespace gatehouse::client
