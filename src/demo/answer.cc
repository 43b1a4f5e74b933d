#include "demo/answer.h"

#include <algorithm>

#include "demo/chat.h"
#include "demo/endpoints.h"
#include "demo/fingerprint.h"
#include "demo/refusal.h"
#include "demo/written.h"

namespace gatehouse::demo {
namespace {

struct Endpoint {
  std::string_view method;
  std::string_view path;
  Outcome<Answer> (*answer)(const Request&);
};

constexpr Endpoint kEndpoints[] = {
    {"POST", "/chat/completions", answer_chat},
    {"POST", "/completions", answer_completion},
    {"POST", "/embeddings", answer_embeddings},
    {"POST", "/moderations", answer_moderations},
    {"POST", "/images/generations", answer_image},
    {"POST", "/audio/speech", answer_speech},
    {"POST", "/audio/transcriptions", answer_transcription},
    {"GET", "/models", answer_models},
};

/// What needs a memory from one request to the next, which the demo does not have.
constexpr std::string_view kStateful[] = {"/files",   "/batches",    "/fine_tuning",  "/responses",
                                          "/threads", "/assistants", "/vector_stores"};

bool is_at(std::string_view path, std::string_view root) {
  return path.starts_with(root) && (path.size() == root.size() || path[root.size()] == '/');
}

std::string_view without_version(std::string_view path) {
  return is_at(path, "/v1") ? path.substr(3) : path;
}

Refusal no_such_endpoint(const Request& request, std::string_view path) {
  for (const std::string_view root : kStateful) {
    if (!is_at(path, root)) continue;
    return {501,
            "The demo provider keeps nothing, so it has no " + std::string(root.substr(1)) +
                ". Name a real provider in x-portkey-provider.",
            "invalid_request_error", "", "not_supported_by_demo"};
  }
  for (const Endpoint& endpoint : kEndpoints) {
    if (!is_at(path, endpoint.path)) continue;
    return {405,
            "Only " + std::string(endpoint.method) + " is possible at " +
                std::string(endpoint.path) + ".",
            "invalid_request_error", "", "method_not_supported"};
  }
  return {404,
          "Invalid URL (" + std::string(request.method) + " " + std::string(request.path) + ").",
          "invalid_request_error", "", "unknown_url"};
}

Outcome<Answer> dispatch(const Request& request) {
  const std::string_view path = without_version(request.path);
  for (const Endpoint& endpoint : kEndpoints) {
    const bool has_members = endpoint.method == "GET";
    const bool is_meant = has_members ? is_at(path, endpoint.path) : path == endpoint.path;
    if (is_meant && request.method == endpoint.method) return endpoint.answer(request);
  }
  return std::unexpected(no_such_endpoint(request, path));
}

}  // namespace

Answer answer(const Request& request) {
  const Outcome<Answer> decided = dispatch(request);
  Answer given = decided ? *decided : refused(decided.error());
  given.headers.emplace_back("x-gatehouse-demo", "true");
  given.headers.emplace_back("x-request-id", id_of("req_demo_", request.body));
  return given;
}

}  // namespace gatehouse::demo
