#include "http/framing/frame.h"

#include "base/text.h"
#include "http/framing/aws_event_stream.h"
#include "http/framing/ndjson.h"
#include "http/framing/sse.h"

namespace gatehouse::http {

std::unique_ptr<FrameParser> make_frame_parser(std::string_view content_type, SseFlavour flavour) {
  const std::string_view type = trimmed(content_type.substr(0, content_type.find(';')));
  if (equals_ignoring_case(type, "text/event-stream")) return std::make_unique<SseParser>(flavour);
  if (equals_ignoring_case(type, "application/vnd.amazon.eventstream")) {
    return std::make_unique<AwsEventStreamParser>();
  }
  if (equals_ignoring_case(type, "application/x-ndjson") ||
      equals_ignoring_case(type, "application/jsonl") ||
      equals_ignoring_case(type, "application/stream+json")) {
    return std::make_unique<NdjsonParser>();
  }
  return nullptr;
}

}  // namespace gatehouse::http
