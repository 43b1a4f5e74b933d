// Requests that ask for the same thing, written in the same way.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/scan.h"

namespace gatehouse::cache {

/// The JSON object without blanks, its top-level members in the order of their names, and without
/// those that say how the answer shall travel (`stream`, `stream_options`): a stream and a whole
/// answer are the same answer. Nothing if `body` is no JSON object. What is written differently at
/// a depth (another order of members, 1.0 for 1) stays different: that costs a miss, never a wrong
/// answer.
std::optional<std::string> canonical_body(std::string_view body);
/// The same of an object whose members have been found already.
std::string canonical_members(const std::vector<json::Member>& members);

/// Appends JSON without the blanks between its tokens.
void append_compact(std::string_view json, std::string& out);

}  // namespace gatehouse::cache
