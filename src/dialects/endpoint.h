// Endpoints beside chat of providers with a protocol of their own: embeddings, rerank, images, the
// list of models, counting tokens. The client's side is always the OpenAI API (the Messages API
// where tokens are counted); nothing here streams.
//
// Protocol of use: `encode` what was asked; send the requests in order; hand the bodies of their
// answers to `decode`. A door is stateless and shared by all threads.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "dialects/dialect.h"
#include "llm/capability.h"
#include "llm/usage.h"

namespace gatehouse::dialects {

/// What was asked, and of whom. The views outlive encode and decode.
struct EndpointAsk {
  std::string_view body;      // of the client; empty for a GET
  std::string_view model;     // as the provider names it
  std::string_view provider;  // slug
  Host host = Host::own;
  std::int64_t created = 0;  // seconds since 1970
};

struct EndpointReply {
  std::string body;  // JSON
  std::optional<llm::Usage> usage;
};

class EndpointDoor {
 public:
  virtual ~EndpointDoor() = default;
  /// No request at all if the answer needs none; several if the provider takes one thing at a time.
  /// Error: invalid_request, naming the parameter.
  virtual Result<std::vector<EncodedRequest>> encode(const EndpointAsk& ask) const = 0;
  /// `answers` are the bodies of successes, one for each request.
  /// Error: upstream_malformed.
  virtual Result<EndpointReply> decode(const EndpointAsk& ask,
                                       std::span<const std::string> answers) const = 0;
};

/// What an endpoint is for.
enum class EndpointKind : std::uint8_t { embeddings, rerank, images, models, count_tokens };

/// nullptr: this provider has no such endpoint in its own protocol.
const EndpointDoor* endpoint_door(EndpointKind kind, llm::DialectId dialect, Host host);

}  // namespace gatehouse::dialects
