// Percent-encoding (RFC 3986, section 2).
#pragma once

#include <string>
#include <string_view>

namespace gatehouse::dialects {

/// `text` as one segment of a path: everything but unreserved characters is encoded, `/` and `:`
/// too, except the characters of `kept`.
std::string percent_encoded(std::string_view text, std::string_view kept = {});

}  // namespace gatehouse::dialects
