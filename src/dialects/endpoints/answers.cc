#include "dialects/endpoints/answers.h"

#include "dialects/json_reader.h"

namespace gatehouse::dialects::endpoints {

std::unexpected<Failure> malformed(const EndpointAsk& ask, std::string_view answer) {
  constexpr std::size_t kShown = 200;
  return fail(upstream_error(ErrorCode::upstream_malformed,
                             "Invalid response received from " + std::string(ask.provider) + ": " +
                                 std::string(answer.substr(0, kShown))));
}

Result<std::vector<json::Value>> parse_answers(const EndpointAsk& ask,
                                               std::span<const std::string> answers) {
  std::vector<json::Value> parsed;
  for (const std::string& answer : answers) {
    Result<json::Value> value = json::parse(answer);
    if (!value || !value->is_object()) return malformed(ask, answer);
    parsed.push_back(std::move(*value));
  }
  return parsed;
}

Result<json::Value> parse_ask(const EndpointAsk& ask) {
  if (ask.body.empty()) return json::Value(json::Object());
  return parse_request(ask.body);
}

std::unexpected<Failure> wrong_param(std::string_view param, std::string message) {
  return fail(client_error(ErrorCode::invalid_request, std::move(message), std::string(param)));
}

std::vector<EncodedRequest> one_request(std::string path, std::string body) {
  std::vector<EncodedRequest> requests(1);
  requests.front().path = std::move(path);
  requests.front().body = std::move(body);
  return requests;
}

}  // namespace gatehouse::dialects::endpoints
