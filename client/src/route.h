// Where the requests of one model go, and what stands in each of them: made once, from the
// configuration.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "client/src/raise.h"
#include "gatehouse/openai_gpt_config.h"
#include "http/head.h"
#include "http/pool.h"

namespace gatehouse::client {

/// Whose key is missing when a provider asks for one.
enum class Credential : std::uint8_t { given, at_gateway, none };

struct Route {
  http::Endpoint endpoint;
  std::string origin;     // "http://127.0.0.1:8787", for messages
  std::string base_path;  // "/v1"
  std::string model;
  std::string provider;  // for messages; empty if the model string names none
  Headers fields;        // by lower-case name, the call's own not yet among them
  Credential credential = Credential::none;
  std::vector<std::string> secrets;  // values that may stand in no message and no log line
};

/// Error: configuration, for an address or a header field that cannot be used.
Outcome<Route> make_route(const OpenAIGPTConfig& config, const std::string& model);

/// The fields as they are sent, a call's own trace id included. Checked before by make_route, but
/// for the trace id: error: configuration.
Outcome<http::FieldLines> field_lines(const Route& route, const std::string& trace_id);

/// The text with every secret of the route replaced by stars.
std::string without_secrets(const Route& route, std::string text);

/// For the log: each field on its own, in which only values that are known to hold no secret show.
std::string shown_fields(const Route& route);

}  // namespace gatehouse::client
