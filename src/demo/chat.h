// POST /chat/completions.
#pragma once

#include "demo/answer.h"
#include "demo/refusal.h"

namespace gatehouse::demo {

Outcome<Answer> answer_chat(const Request& request);

}  // namespace gatehouse::demo
