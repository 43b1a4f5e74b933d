// The one strict parser of base URLs: an operator's `base_url` and a client's custom host.
#pragma once

#include <string_view>

#include "base/result.h"
#include "base/url.h"

namespace gatehouse::config {

/// An absolute http or https URL without user, query and fragment (RFC 3986), ready to have a path
/// appended: the host in lower case, the scheme's port when the text names none, a target of "" or
/// "/v1" without a slash at the end.
/// Error: invalid_request; the message is a clause that says what is wrong ("the port is not ...").
Result<Url> parse_base_url(std::string_view text);

}  // namespace gatehouse::config
