// JSON inside a header field: ASCII alone, since other bytes get lost there (RFC 9110, 5.5), with
// the blanks that Python's json.dumps writes, so that the bytes are those of the Python original.
#pragma once

#include <string>
#include <string_view>

#include "gatehouse/portkey_params.h"

namespace gatehouse::client {

/// A JSON string with its quotes. Bytes that are no UTF-8 become U+FFFD.
std::string ascii_quote(std::string_view text);

std::string header_json(const Metadata& metadata);
std::string header_json(const RetryParams& retry);
std::string header_json(const CacheParams& cache);

}  // namespace gatehouse::client
