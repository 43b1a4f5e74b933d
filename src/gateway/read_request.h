// What is asked: the body, as far as the route needs it, and what stands in it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "async/task.h"
#include "exchange/exchange.h"
#include "gateway/gateway_fields.h"
#include "gateway/route.h"
#include "http/server.h"
#include "json/scan.h"

namespace gatehouse::gateway {

struct Asked {
  Route route{};
  std::string body{};                   // held whole; or empty
  std::vector<json::Member> members{};  // of a JSON body; views into it
  std::string_view form_model{};        // of a multipart body; a view into it
  std::string model{};                  // as the client wrote it; empty if it did not
  bool is_streaming = false;
  bool wants_usage = false;  // stream_options.include_usage
  bool is_upload = false;    // the body has not been read: it is passed on as it comes
};

struct ReadLimits {
  std::size_t max_body_bytes = 0;
};

/// Error: invalid_request for JSON that is none and for members of a wrong type,
/// unsupported_media_type, body_too_large. Fills the Asked, of which only the route is there, and
/// the exchange's model and streaming.
async::Task<void> read_request(http::Request& request, std::string_view content_type,
                               ReadLimits limits, Asked& asked, exchange::Exchange& exchange);

/// The same request with another body, looked into anew. Error: as read_request.
Result<Asked> asked_with(const Asked& asked, std::string body);

/// The same for a multipart body, whose model is replaced.
Asked asked_for_model(const Asked& asked, std::string_view model);

/// Hands the body on to the record when nobody needs it any more.
void keep_body(Asked asked, exchange::Exchange& exchange);

}  // namespace gatehouse::gateway
