// Whether a condition's query is met (wire spec 3.3).
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "exchange/plan.h"

namespace gatehouse::routing {

/// Gives the value of a field such as "metadata.plan"; nothing if it is missing.
using FieldLookup = std::function<std::optional<exchange::Scalar>(std::string_view field)>;

/// Members count in their order and all must be met; but the first `$and` or `$or`, and the first
/// `$regex` of a field, decides by itself and what stands after it is not looked at, as it is with
/// Portkey. Patterns are RE2's: without look-around or back-references; one that does not compile
/// is never met.
bool is_met(const exchange::Query& query, const FieldLookup& lookup);

}  // namespace gatehouse::routing
