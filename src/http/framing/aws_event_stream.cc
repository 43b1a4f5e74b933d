#include "http/framing/aws_event_stream.h"

#include <zlib.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace gatehouse::http {
namespace {

constexpr std::size_t kPreludeBytes = 12;
constexpr std::size_t kCrcBytes = 4;
constexpr std::size_t kMinMessageBytes = kPreludeBytes + kCrcBytes;
constexpr std::size_t kUuidBytes = 16;

std::unexpected<Failure> malformed(const std::string& what) {
  return fail(upstream_error(ErrorCode::upstream_malformed,
                             "The provider's event stream is malformed: " + what + "."));
}

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes) value = (value << 8U) | static_cast<unsigned char>(c);
  return value;
}

std::uint32_t read_u32(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint32_t>(big_endian(bytes.substr(at, 4)));
}

std::uint32_t crc_of(std::string_view bytes) {
  return static_cast<std::uint32_t>(
      crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

/// Reads a block of headers from front to back; each `take` is nothing when the block is too short.
class HeaderReader {
 public:
  explicit HeaderReader(std::string_view block) : rest_(block) {}

  bool is_done() const { return rest_.empty(); }

  std::optional<AwsHeader> next() {
    const auto name_length = take_number(1);
    if (!name_length) return std::nullopt;
    const auto name = take(*name_length);
    const auto type = take_number(1);
    if (!name || !type) return std::nullopt;
    auto value = take_value(*type);
    if (!value) return std::nullopt;
    return AwsHeader{*name, *value};
  }

 private:
  std::optional<std::string_view> take(std::size_t length) {
    if (rest_.size() < length) return std::nullopt;
    const std::string_view taken = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return taken;
  }

  std::optional<std::uint64_t> take_number(std::size_t width) {
    const auto bytes = take(width);
    if (!bytes) return std::nullopt;
    return big_endian(*bytes);
  }

  template <class Int>
  std::optional<AwsValue> take_integer() {
    const auto number = take_number(sizeof(Int));
    if (!number) return std::nullopt;
    return AwsValue(std::in_place_type<Int>, static_cast<Int>(*number));
  }

  std::optional<std::string_view> take_counted() {
    const auto length = take_number(2);
    return length ? take(*length) : std::nullopt;
  }

  std::optional<AwsValue> take_value(std::uint64_t type) {
    switch (type) {
      case 0: return AwsValue(true);
      case 1: return AwsValue(false);
      case 2: return take_integer<std::int8_t>();
      case 3: return take_integer<std::int16_t>();
      case 4: return take_integer<std::int32_t>();
      case 5: return take_integer<std::int64_t>();
      case 6: {
        const auto bytes = take_counted();
        return bytes ? std::optional<AwsValue>(AwsBytes{*bytes}) : std::nullopt;
      }
      case 7: {
        const auto text = take_counted();
        return text ? std::optional<AwsValue>(*text) : std::nullopt;
      }
      case 8: {
        const auto millis = take_number(8);
        return millis ? std::optional<AwsValue>(AwsTimestamp{static_cast<std::int64_t>(*millis)})
                      : std::nullopt;
      }
      case 9: {
        const auto uuid = take(kUuidBytes);
        return uuid ? std::optional<AwsValue>(AwsUuid{*uuid}) : std::nullopt;
      }
      default: return std::nullopt;
    }
  }

  std::string_view rest_;
};

Frame frame_of(const AwsMessage& message) {
  const std::string_view type = message.text_of(":message-type");
  if (type == "exception") {
    return {FrameKind::exception, message.text_of(":exception-type"), message.payload};
  }
  if (type == "error") {
    return {FrameKind::exception, message.text_of(":error-code"),
            message.text_of(":error-message")};
  }
  return {FrameKind::event, message.text_of(":event-type"), message.payload};
}

Result<void> take_message(std::string_view bytes, std::vector<Frame>& out) {
  Result<AwsMessage> message = decode_aws_message(bytes);
  if (!message) return fail(std::move(message.error()));
  out.push_back(frame_of(*message));
  return {};
}

}  // namespace

std::string_view AwsMessage::text_of(std::string_view name) const {
  for (const AwsHeader& header : headers) {
    const auto* text = std::get_if<std::string_view>(&header.value);
    if (header.name == name && text != nullptr) return *text;
  }
  return {};
}

Result<AwsMessage> decode_aws_message(std::string_view bytes) {
  if (bytes.size() < kMinMessageBytes || read_u32(bytes, 0) != bytes.size()) {
    return malformed("a message's length is wrong");
  }
  const std::size_t header_length = read_u32(bytes, 4);
  if (header_length > bytes.size() - kMinMessageBytes) {
    return malformed("a message's headers are longer than the message");
  }
  if (read_u32(bytes, 8) != crc_of(bytes.substr(0, 8))) {
    return malformed("the CRC of a message's first bytes does not match");
  }
  const std::size_t crc_at = bytes.size() - kCrcBytes;
  if (read_u32(bytes, crc_at) != crc_of(bytes.substr(0, crc_at))) {
    return malformed("the CRC of a message does not match");
  }
  AwsMessage message;
  HeaderReader reader(bytes.substr(kPreludeBytes, header_length));
  while (!reader.is_done()) {
    auto header = reader.next();
    if (!header) return malformed("a header is cut off or of an unknown type");
    message.headers.push_back(*header);
  }
  const std::size_t payload_at = kPreludeBytes + header_length;
  message.payload = bytes.substr(payload_at, crc_at - payload_at);
  return message;
}

/// The length of the message that starts here; the CRC of these bytes is checked before a length
/// is believed, so that a damaged one does not make us wait for gigabytes.
Result<std::size_t> AwsEventStreamParser::message_length(std::string_view prelude) const {
  if (read_u32(prelude, 8) != crc_of(prelude.substr(0, 8))) {
    return malformed("the CRC of a message's first bytes does not match");
  }
  const std::size_t total = read_u32(prelude, 0);
  if (total < kMinMessageBytes) return malformed("a message's length is wrong");
  if (total > max_message_bytes_) {
    return malformed("a message is longer than " + std::to_string(max_message_bytes_) + " bytes");
  }
  return total;
}

/// Moves just as many bytes to the pending message as it still needs. True once none is pending.
Result<bool> AwsEventStreamParser::complete_pending(std::string_view& bytes,
                                                    std::vector<Frame>& out) {
  const auto fill_to = [&](std::size_t size) {
    const std::size_t missing = size - std::min(size, pending_.size());
    pending_ += bytes.substr(0, missing);
    bytes.remove_prefix(std::min(missing, bytes.size()));
    return pending_.size() >= size;
  };
  if (!fill_to(kPreludeBytes)) return false;
  Result<std::size_t> length = message_length(pending_);
  if (!length) return fail(std::move(length.error()));
  if (!fill_to(*length)) return false;
  completed_ = std::move(pending_);
  pending_.clear();
  if (Result<void> taken = take_message(completed_, out); !taken) {
    return fail(std::move(taken.error()));
  }
  return true;
}

Result<void> AwsEventStreamParser::feed(std::string_view bytes, std::vector<Frame>& out) {
  if (!pending_.empty()) {
    Result<bool> is_complete = complete_pending(bytes, out);
    if (!is_complete) return fail(std::move(is_complete.error()));
    if (!*is_complete) return {};
  }
  while (bytes.size() >= kPreludeBytes) {
    Result<std::size_t> length = message_length(bytes);
    if (!length) return fail(std::move(length.error()));
    if (bytes.size() < *length) break;
    if (Result<void> taken = take_message(bytes.substr(0, *length), out); !taken) return taken;
    bytes.remove_prefix(*length);
  }
  pending_ = bytes;
  return {};
}

Result<void> AwsEventStreamParser::finish(std::vector<Frame>&) {
  if (pending_.empty()) return {};
  return fail(upstream_error(ErrorCode::upstream_cut,
                             "The provider's event stream ended within a message."));
}

}  // namespace gatehouse::http
