// Result<T>: a value, or the Error that stands in its place. Nothing is thrown across rooms.
#pragma once

#include <expected>

#include "base/error.h"

namespace gatehouse {

template <class T>
using Result = std::expected<T, Error>;

/// `return fail(client_error(...));` from a function that returns Result<T>.
inline std::unexpected<Error> fail(Error error) { return std::unexpected(std::move(error)); }

}  // namespace gatehouse
