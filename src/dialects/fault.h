// What a provider's error body says, whichever of the many shapes it has.
#pragma once

#include <string>
#include <string_view>

#include "dialects/dialect.h"
#include "json/value.h"

namespace gatehouse::dialects {

/// An error in the words of the OpenAI shape. Empty means null.
struct Fault {
  std::string message;
  std::string type;
  std::string param;
  std::string code;
};

/// Reads these shapes, and a list of one of them:
///   {"error": {"message", "type"|"status", "param", "code"}}   OpenAI, Anthropic, Google
///   {"error": "text"}   {"message"|"Message": "text", "type", "code"}   {"detail":
///   "text"|[{"msg"}]}
///   {"errors": [{"code", "message"}]}   {"fault": {"faultstring"}}   {"title", "detail"}
/// Anything else (HTML, plain text, nothing) is a message of its own, trimmed and shortened.
Fault read_fault(std::string_view body);

/// What the provider said in its own words when it failed: from the body that the error keeps, and
/// from the header field where Bedrock puts the type. Empty if the error is not one that a provider
/// reported.
Fault fault_of(const Error& error);

/// "<provider> error: <message>", with status, body and fields kept. `rate_limited` for 429,
/// otherwise `upstream_status`. A delay that Google names in the body becomes `retry_after`.
Error error_of(const FailedAnswer& answer);

/// An error that a provider reports within a stream or with a success status; `status` is the one
/// that it would have had as a status line.
Error error_in_answer(int status, std::string_view provider, std::string_view body);

/// The exception that an AWS event stream ends with; its name tells the status.
Error aws_exception(std::string_view provider, std::string_view name, std::string_view body);

/// A success whose body is not what the protocol promises.
Error invalid_answer(std::string_view provider, std::string_view body);

/// Parses a provider's answer or frame, which must be an object. Error: as invalid_answer.
Result<json::Value> parse_answer(std::string_view provider, std::string_view text);

/// A stream that ended before its answer did.
Error cut_answer(std::string_view provider);

}  // namespace gatehouse::dialects
