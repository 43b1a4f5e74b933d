// What the doors of endpoints share when they read answers.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "dialects/endpoint.h"
#include "json/value.h"

namespace gatehouse::dialects::endpoints {

/// Error: upstream_malformed, naming the provider and the beginning of what it sent.
std::unexpected<Failure> malformed(const EndpointAsk& ask, std::string_view answer);

/// Every answer as a tree. Error: upstream_malformed.
Result<std::vector<json::Value>> parse_answers(const EndpointAsk& ask,
                                               std::span<const std::string> answers);

/// The request's own JSON object, or an empty one for a GET. Error: invalid_request.
Result<json::Value> parse_ask(const EndpointAsk& ask);

/// A sentence that says what one parameter must be.
std::unexpected<Failure> wrong_param(std::string_view param, std::string message);

/// One request with a JSON body.
std::vector<EncodedRequest> one_request(std::string path, std::string body);

}  // namespace gatehouse::dialects::endpoints
