// Looking into a multipart/form-data body (RFC 7578) without taking it apart.
#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"

namespace gatehouse::gateway {

/// The value of the form field `name` as it stands in `body`, a view into it; nothing if there is
/// none. Error: invalid_request when the body is not multipart as its content type says, or is cut
/// off.
Result<std::optional<std::string_view>> find_form_field(std::string_view body,
                                                        std::string_view content_type,
                                                        std::string_view name);

}  // namespace gatehouse::gateway
