// The outcome of a load run as one line of JSON.
#pragma once

#include <string>
#include <vector>

#include "bench/load/plan.h"

namespace gatehouse::bench {

/// The smallest value that at least `share` of all are not above; 0 of none. Reorders `values`.
double quantile(std::vector<double>& values, double share);

std::string to_json(Outcome outcome);

}  // namespace gatehouse::bench
