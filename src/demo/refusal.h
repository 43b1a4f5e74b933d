// What is wrong with a request, in the words of the OpenAI API.
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace gatehouse::demo {

struct Refusal {
  int status = 400;
  std::string message;
  std::string type = "invalid_request_error";
  std::string param{};
  std::string code{};
};

template <class T>
using Outcome = std::expected<T, Refusal>;

/// A 400 about one parameter.
inline std::unexpected<Refusal> refuse(std::string param, std::string message) {
  return std::unexpected(Refusal{.message = std::move(message), .param = std::move(param)});
}

}  // namespace gatehouse::demo
