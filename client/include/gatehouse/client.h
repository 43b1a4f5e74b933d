// Everything: `#include <gatehouse/client.h>`.
#pragma once

#include "gatehouse/chat.h"               // IWYU pragma: export
#include "gatehouse/chat_stream.h"        // IWYU pragma: export
#include "gatehouse/debug_log.h"          // IWYU pragma: export
#include "gatehouse/environment.h"        // IWYU pragma: export
#include "gatehouse/error.h"              // IWYU pragma: export
#include "gatehouse/json_text.h"          // IWYU pragma: export
#include "gatehouse/openai_gpt.h"         // IWYU pragma: export
#include "gatehouse/openai_gpt_config.h"  // IWYU pragma: export
#include "gatehouse/pending.h"            // IWYU pragma: export
#include "gatehouse/portkey_params.h"     // IWYU pragma: export
#include "gatehouse/response.h"           // IWYU pragma: export
