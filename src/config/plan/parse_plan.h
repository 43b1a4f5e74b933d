// The config object (wire spec, section 3) to an exchange::Plan: from the header field
// x-portkey-config, or saved in gatehouse.yaml. Keys in camelCase are read like those in
// snake_case, but not inside of what is somebody else's (override_params, queries).
#pragma once

#include <string_view>

#include "base/result.h"
#include "config/plan/plan_value.h"
#include "exchange/plan.h"

namespace gatehouse::config {

/// What settings of the request stand above the root, to be inherited: langroid's header fields.
struct PlanDefaults {
  std::optional<exchange::RetryRules> retry;
};

/// Error: invalid_config, with every problem's path and what is allowed there.
Result<exchange::Plan> parse_plan(std::string_view json, const PlanDefaults& defaults);

/// A saved one, read already: unknown keys are problems here, and custom hosts the operator's word.
exchange::Plan read_saved_plan(const json::Value& value, std::string path, PlanProblems& problems);

}  // namespace gatehouse::config
