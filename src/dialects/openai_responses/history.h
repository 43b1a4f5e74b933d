// The items of a conversation, for whoever stores responses: what came in, what went out, and how
// the two come in front of the next request that names `previous_response_id`.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace gatehouse::dialects::openai_responses {

/// The `input` of a request as a JSON list of items; a string becomes a message of the user's. The
/// answer to GET /responses/{id}/input_items is made of these. Error: invalid_request.
Result<std::string> input_items(std::string_view body);

/// The `output` of a response as a JSON list. Error: upstream_malformed.
Result<std::string> output_items(std::string_view response);

/// The request with `items` (JSON lists, in order) in front of its own input. Everything else
/// stays, `previous_response_id` too, since the answer repeats it. Instructions are not carried
/// over: the protocol says so. Error: invalid_request.
Result<std::string> with_history(std::string_view body, std::string_view earlier_input,
                                 std::string_view earlier_output);

}  // namespace gatehouse::dialects::openai_responses
