// What a failure means for routing: whether the same target may be asked again, or the next one.
#pragma once

#include "base/error.h"
#include "routing/caller.h"

namespace gatehouse::gateway {

routing::Judgement judge(const Error& error, WallTime now);

}  // namespace gatehouse::gateway
