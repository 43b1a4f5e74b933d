// application/vnd.amazon.eventstream, the binary framing of Bedrock's and SageMaker's streams.
// All numbers are big endian:
//   u32 total length | u32 header length | u32 CRC of these 8 bytes
//   headers: u8 name length, name, u8 type, value …
//   payload: total - header length - 16 bytes
//   u32 CRC of everything before it
// Both CRCs are CRC-32 as in zlib (Smithy specification, "Amazon Event Stream").
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "http/framing/frame.h"

namespace gatehouse::http {

struct AwsTimestamp {
  std::int64_t milliseconds = 0;  // since 1970
  friend bool operator==(const AwsTimestamp&, const AwsTimestamp&) = default;
};
struct AwsBytes {
  std::string_view bytes;
  friend bool operator==(const AwsBytes&, const AwsBytes&) = default;
};
struct AwsUuid {
  std::string_view bytes;  // sixteen
  friend bool operator==(const AwsUuid&, const AwsUuid&) = default;
};

/// A header's value in its type: types 0 and 1 are bool, 2 to 5 integers by width, 6 bytes,
/// 7 a string, 8 a timestamp, 9 a UUID.
using AwsValue = std::variant<bool, std::int8_t, std::int16_t, std::int32_t, std::int64_t, AwsBytes,
                              std::string_view, AwsTimestamp, AwsUuid>;

struct AwsHeader {
  std::string_view name;
  AwsValue value;
};

/// Views into the bytes it was decoded from.
struct AwsMessage {
  std::vector<AwsHeader> headers;
  std::string_view payload;

  /// The value of a string header, or nothing.
  std::string_view text_of(std::string_view name) const;
};

/// Decodes exactly one whole message. Error: upstream_malformed (a length, a CRC, a header).
Result<AwsMessage> decode_aws_message(std::string_view bytes);

/// Frames: `:event-type` or `:exception-type` is the name, the payload the data. An `error` message
/// has its `:error-code` for a name and its `:error-message` for data.
class AwsEventStreamParser final : public FrameParser {
 public:
  explicit AwsEventStreamParser(std::size_t max_message_bytes = kMaxFrameBytes)
      : max_message_bytes_(max_message_bytes) {}

  Result<void> feed(std::string_view bytes, std::vector<Frame>& out) override;
  Result<void> finish(std::vector<Frame>& out) override;

 private:
  Result<std::size_t> message_length(std::string_view prelude) const;
  Result<bool> complete_pending(std::string_view& bytes, std::vector<Frame>& out);

  std::size_t max_message_bytes_;
  std::string pending_;    // the start of a message whose end has not arrived
  std::string completed_;  // the message that this call completed, which began in an earlier one
};

}  // namespace gatehouse::http
