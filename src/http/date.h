// The Date field (RFC 9110 section 6.6.1), made once a second a thread.
#pragma once

#include <string_view>

namespace gatehouse::http {

/// "Sun, 06 Nov 1994 08:49:37 GMT". Valid until the next call on this thread.
std::string_view current_http_date();

}  // namespace gatehouse::http
