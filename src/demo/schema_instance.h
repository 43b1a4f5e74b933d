// A small value that fits a JSON schema: what the demo fills structured answers and tool arguments
// with.
#pragma once

#include "json/value.h"

namespace gatehouse::demo {

/// Objects get their required members, or all of them where none is required; lists as many items
/// as they must have, at least one. Knows type, properties, required, items, enum, const, default,
/// examples, format, minimum, minLength, minItems, anyOf, oneOf, allOf and $ref within the
/// document. What it does not know it fills with a plain value. Recursive schemas end at a fixed
/// depth.
json::Value instance_of(const json::Value& schema);

}  // namespace gatehouse::demo
