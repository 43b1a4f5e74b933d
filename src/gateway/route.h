// Which endpoint a request is for (wire spec 1.2).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "exchange/exchange.h"
#include "llm/capability.h"

namespace gatehouse::gateway {

using exchange::Endpoint;
using llm::Capability;

/// How a request's body is read.
enum class BodyKind : std::uint8_t {
  none,
  json,       // held whole: the model in it decides where it goes
  multipart,  // held whole for the same reason
  upload,     // streamed, never held whole
  any,        // passed through; held only if it is JSON and short
};

/// Whether the answer is the gateway's to understand, or only to pass on.
enum class RouteKind : std::uint8_t { unified, proxy };

struct Route {
  Endpoint endpoint = Endpoint::proxy;
  Capability capability = Capability::chat;
  BodyKind body = BodyKind::any;
  RouteKind kind = RouteKind::proxy;
};

/// Nothing for a path that is not below /v1.
std::optional<Route> route_of(std::string_view method, std::string_view path);

}  // namespace gatehouse::gateway
