// Result<T>: a value, or the Error that stands in its place. Nothing is thrown across rooms.
#pragma once

#include <expected>
#include <memory>
#include <utility>

#include "base/error.h"

namespace gatehouse {

/// The Error of a Result. It lies elsewhere, since results lie in every coroutine's frame and
/// errors are seldom: a Result<T> is a pointer larger than a T, not a hundred bytes. Is an Error
/// wherever one is asked for; its fields are reached by `->`. A move leaves it without one: then it
/// may only be assigned or destroyed.
class Failure {
 public:
  Failure(Error error)  // NOLINT(google-explicit-constructor): see above
      : error_(std::make_unique<Error>(std::move(error))) {}
  Failure(const Failure& other) : error_(std::make_unique<Error>(*other)) {}
  Failure(Failure&&) noexcept = default;
  Failure& operator=(Failure other) noexcept {
    error_ = std::move(other.error_);
    return *this;
  }
  ~Failure() = default;

  Error& operator*() { return *error_; }
  const Error& operator*() const { return *error_; }
  Error* operator->() { return error_.get(); }
  const Error* operator->() const { return error_.get(); }
  operator Error&() & { return *error_; }               // NOLINT(google-explicit-constructor)
  operator const Error&() const& { return *error_; }    // NOLINT(google-explicit-constructor)
  operator Error&&() && { return std::move(*error_); }  // NOLINT(google-explicit-constructor)

 private:
  std::unique_ptr<Error> error_;
};

template <class T>
using Result = std::expected<T, Failure>;

/// `return fail(client_error(...));` from a function that returns Result<T>.
inline std::unexpected<Failure> fail(Error error) {
  return std::unexpected<Failure>(Failure(std::move(error)));
}
/// `return fail(std::move(other.error()));`
inline std::unexpected<Failure> fail(Failure failure) {
  return std::unexpected<Failure>(std::move(failure));
}

}  // namespace gatehouse
