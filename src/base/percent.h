// Percent-encoding (RFC 3986, section 2).
#pragma once

#include <string>
#include <string_view>

namespace gatehouse {

/// Appends `text` with everything but unreserved characters and those of `kept` encoded, `/` and
/// `:` too: what may stand as one segment of a path, or as a value of a query.
void append_percent_encoded(std::string& out, std::string_view text, std::string_view kept = {});
std::string percent_encoded(std::string_view text, std::string_view kept = {});

/// A '%' without two hex digits behind it stands for itself.
std::string percent_decoded(std::string_view text);

}  // namespace gatehouse
