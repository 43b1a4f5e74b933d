// A dialect is one wire protocol for talking to language models, written once. It has up to two
// doors:
//   FrontDoor  a client speaks it to us:   request in,  answer out
//   BackDoor   we speak it to a provider:  request out, answer in
// Any front door works with any back door, since both speak the vocabulary of llm/ on their other
// side. Doors are stateless and shared by all threads; what has state is a stream's decoder or
// encoder, which belongs to one stream and one thread.
//
// When both sides speak the same dialect, the bytes pass untouched and no encoder is called.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "http/framing/frame.h"
#include "llm/call.h"
#include "llm/delta.h"
#include "llm/dialect_id.h"

namespace gatehouse::dialects {

/// Whether an answer keeps to the client's protocol to the letter, or also carries what the
/// provider said beyond it (`x-portkey-strict-open-ai-compliance: false`).
enum class Compliance : std::uint8_t { strict, lenient };

using llm::Host;

/// Whether an OpenAI-compatible provider wants its earlier thoughts back, and as what.
enum class ReasoningEcho : std::uint8_t { none, reasoning_content };

struct EncodeTarget {
  std::string_view provider;  // slug, for messages only
  std::string_view model;     // as the provider names it
  Host host = Host::own;
  ReasoningEcho echo = ReasoningEcho::none;
};

/// What the decoder of the answer must know about how the request was put.
struct DecodeHints {
  std::string json_tool;  // calls of this tool are the answer's text, not a tool call
  std::vector<std::string> custom_tools;  // tools whose one argument `input` is their free text
};

struct EncodedRequest {
  std::string path;  // below the provider's base URL, with query: "/messages"
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;  // beside content type and credentials
  std::vector<std::string> dropped;                          // parameters that were left out
  DecodeHints hints;
};

/// What stands around an answer and is not in it.
struct AnswerContext {
  std::string_view provider;  // slug, for messages
  std::string_view model;     // what was asked for, if the answer does not say
  std::string_view id;        // unique; for answers and tool calls that come without an id
  Host host = Host::own;
  DecodeHints hints;
};

/// A failure status of a provider, with its body read whole.
struct FailedAnswer {
  int status = 0;
  std::string_view provider;
  std::string_view body;
  std::string_view content_type;
  std::vector<std::pair<std::string, std::string>> fields;  // header fields worth passing on
};

/// Upstream frames to deltas (see llm/delta.h for the order). After an error the decoder is spent.
class StreamDecoder {
 public:
  virtual ~StreamDecoder() = default;
  /// Error: what the provider reported within the stream (origin upstream), or upstream_malformed.
  virtual Result<void> feed(const http::Frame& frame, std::vector<llm::Delta>& out) = 0;
  /// The body ended. Error: upstream_cut if the answer had not.
  virtual Result<void> finish(std::vector<llm::Delta>& out) = 0;
};

class BackDoor {
 public:
  virtual ~BackDoor() = default;
  /// Error: invalid_request, naming the parameter that this protocol cannot express.
  virtual Result<EncodedRequest> encode_request(const llm::Call& call,
                                                const EncodeTarget& target) const = 0;
  /// Error: upstream_malformed, or what the provider reported with a success status.
  virtual Result<llm::Reply> decode_response(std::string_view body,
                                             const AnswerContext& context) const = 0;
  virtual Error decode_error(const FailedAnswer& answer) const = 0;
  /// Whether the provider fetches media from this address itself. What it does not has to be
  /// fetched and put inline before the call is encoded (see media_to_fetch).
  virtual bool takes_url(std::string_view) const { return true; }
  virtual std::unique_ptr<StreamDecoder> new_stream_decoder(const AnswerContext& context) const = 0;
};

/// What an answer to a client needs beside the reply. The views must outlive the call they are
/// given to; an encoder copies what it keeps.
struct AnswerOptions {
  Compliance compliance = Compliance::strict;
  std::string_view provider;        // slug
  std::string_view id;              // for protocols that name things the provider did not
  std::int64_t created = 0;         // seconds since 1970, if the provider did not say
  const llm::Call* call = nullptr;  // what was asked; never null
};

/// How an error is told to a client: the gateway's table from error code to status and type.
struct ErrorWords {
  int status = 500;
  std::string_view type;  // of the OpenAI shape
  std::string_view code;  // of the OpenAI shape; empty for null
};

/// How a stream came to its end: complete, or with an error.
struct StreamEnd {
  const Error* error = nullptr;
  ErrorWords words;
};

/// Deltas to the bytes that the client reads.
class StreamEncoder {
 public:
  virtual ~StreamEncoder() = default;
  virtual void feed(const llm::Delta& delta, std::string& out) = 0;
  /// Call once, after the last delta.
  virtual void finish(const StreamEnd& end, std::string& out) = 0;
};

class FrontDoor {
 public:
  virtual ~FrontDoor() = default;
  /// Error: invalid_request, naming the parameter.
  virtual Result<llm::Call> decode_request(std::string_view body) const = 0;
  virtual std::string encode_response(const llm::Reply& reply,
                                      const AnswerOptions& options) const = 0;
  virtual std::string encode_error(const Error& error, const ErrorWords& words) const = 0;
  virtual std::unique_ptr<StreamEncoder> new_stream_encoder(const AnswerOptions& options) const = 0;
};

/// The media of a call that stand at addresses from which this provider does not fetch them.
/// Replace each by its bytes in base64. They live as long as the call's messages stay as they are.
std::vector<llm::Media*> media_to_fetch(llm::Call& call, const BackDoor& door);

/// The door of a dialect, or nullptr if it has none on that side. They live as long as the program.
const FrontDoor* front_door(llm::DialectId dialect);
const BackDoor* back_door(llm::DialectId dialect);

}  // namespace gatehouse::dialects
