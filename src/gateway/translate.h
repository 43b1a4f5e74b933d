// A request in one dialect for a provider of another: in through the front door of the client's
// dialect, out through the back door of the provider's. Same dialect on both sides never comes
// here.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "attempt/attempt.h"
#include "dialects/dialect.h"
#include "exchange/exchange.h"
#include "gateway/resolve.h"
#include "gateway/route.h"
#include "http/framing/frame.h"

namespace gatehouse::gateway {

/// What a translated exchange keeps until its answer has ended. Shared by the steps of one request.
struct Translation {
  const dialects::FrontDoor* front = nullptr;
  const dialects::BackDoor* back = nullptr;
  llm::Call call;
  dialects::EncodedRequest encoded;
  Capability capability = Capability::chat;  // whose address the request goes to
  std::string provider;
  llm::Host host = llm::Host::own;
  std::string id;  // for answers that bring none
  std::int64_t created = 0;
  dialects::Compliance compliance = dialects::Compliance::strict;
  http::SseFlavour flavour = http::SseFlavour::standard;
  std::string conversation;  // items to be kept with the response; see stored_responses.h
};

/// What stands around a request and goes into its answer.
struct TranslationContext {
  std::string_view id;       // unique, for answers that bring none
  std::int64_t created = 0;  // seconds since 1970
  dialects::Compliance compliance = dialects::Compliance::strict;
  llm::UnsupportedParams unsupported = llm::UnsupportedParams::refuse;
  std::string_view body;  // in the place of the one that was asked; empty: that one
};
TranslationContext translation_context(const ResolveInput& input,
                                       const exchange::Exchange& exchange);

/// The dialect in which an endpoint is asked, if its bodies are translated at all.
std::optional<llm::DialectId> dialect_of(Endpoint endpoint);

/// Whether the target speaks another dialect than the endpoint, or the same one in another place,
/// and both doors exist.
bool needs_translation(Endpoint endpoint, const Target& target);

/// Reads what was asked. Error: invalid_request naming the parameter.
Result<std::shared_ptr<Translation>> decode_request(const Asked& asked, const Target& target,
                                                    const TranslationContext& context);

/// Puts it into the target's words. Error: invalid_request naming the parameter that it cannot
/// express.
Result<void> encode_request(const Target& target, Translation& translation);

/// The provider's answer in the client's dialect: a stream as a stream, a document as a document.
/// Error: upstream_malformed, or what the provider reported inside a success.
/// Notes usage and finish reason in the exchange, which must outlive the answer's body: the client
/// may not have asked for the one, and get the other in its own dialect's words.
async::Task<attempt::AnswerPtr> translate_answer(attempt::AnswerPtr answer,
                                                 std::shared_ptr<Translation> translation,
                                                 exchange::Exchange& exchange);

}  // namespace gatehouse::gateway
