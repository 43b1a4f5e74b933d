// A JSON tree, for places where a document is rewritten or built. The hot path uses json/scan.h.
// Only this room includes the JSON libraries; everyone else uses these names.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "base/result.h"

namespace gatehouse::json {

using Value = boost::json::value;
using Object = boost::json::object;
using Array = boost::json::array;
using String = boost::json::string;

/// Parses a whole document (RFC 8259). Nesting deeper than 128 levels is refused.
/// Error: invalid_request with the byte position.
Result<Value> parse(std::string_view text);

/// Compact text. Keys keep their order of insertion; numbers that were integers stay integers.
std::string serialize(const Value& value);

/// The member of an object, or nullptr: no exceptions, no throwing look-ups.
const Value* find(const Value& value, std::string_view key);
const Value* find(const Object& object, std::string_view key);

/// A member as text, or `otherwise` when it is absent or no string.
std::string_view string_or(const Value& value, std::string_view key, std::string_view otherwise);

}  // namespace gatehouse::json
