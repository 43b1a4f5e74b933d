// What a request says in fields of its own: the parts of a credential that is more than a key.
#pragma once

#include <string_view>

namespace gatehouse::credentials {

class RequestOptions {
 public:
  virtual ~RequestOptions() = default;
  /// By option name ("aws-access-key-id"). Empty if the request does not say. The text lives as
  /// long as the request.
  virtual std::string_view find(std::string_view name) const = 0;
};

}  // namespace gatehouse::credentials
