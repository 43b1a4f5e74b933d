// Streamed answers of providers: each line of the input is a frame, its name up to the first space,
// and
// `!` in front of an exception's. Every client gets frames of JSON, and chat clients [DONE] at the
// end.
#include <memory>
#include <vector>

#include "tests/fuzz/dialect_doors.h"

namespace {

using namespace gatehouse;

http::Frame frame_of(std::string_view line) {
  const bool is_exception = line.starts_with('!');
  if (is_exception) line.remove_prefix(1);
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) return {http::FrameKind::comment, {}, line};
  return {is_exception ? http::FrameKind::exception : http::FrameKind::event, line.substr(0, space),
          line.substr(space + 1)};
}

void expect_frames_of_json(const std::string& text) {
  const auto parser = http::make_frame_parser("text/event-stream");
  std::vector<http::Frame> frames;
  if (!parser->feed(text, frames)) std::abort();
  for (const http::Frame& frame : frames) {
    if (frame.kind == http::FrameKind::event && frame.data != "[DONE]")
      fuzzing::expect_json(frame.data);
  }
}

void run(llm::DialectId upstream, const dialects::FrontDoor& front, std::string_view text,
         dialects::Compliance compliance) {
  llm::Call call;
  call.include = {"reasoning.encrypted_content"};
  call.stream.includes_usage = compliance == dialects::Compliance::strict;
  const auto decoder = dialects::back_door(upstream)->new_stream_decoder(
      {"p", "m", "id", dialects::Host::own, {"json_tool_call", {"sql"}}});
  const auto encoder = front.new_stream_encoder({compliance, "p", "id", 1, &call});
  std::vector<llm::Delta> deltas;
  std::string out;
  Result<void> state;
  while (!text.empty() && state) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    state = decoder->feed(frame_of(line), deltas);
  }
  if (state) state = decoder->finish(deltas);
  for (const llm::Delta& delta : deltas) encoder->feed(delta, out);
  dialects::StreamEnd end;
  if (!state) end = {&*state.error(), {502, "upstream_error", {}}};
  encoder->finish(end, out);
  expect_frames_of_json(out);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const llm::DialectId upstream = fuzzing::dialect_of(bytes[0]);
  const std::string_view text(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  for (const llm::DialectId client : fuzzing::kFrontDoors) {
    const dialects::FrontDoor& front = *dialects::front_door(client);
    run(upstream, front, text, dialects::Compliance::strict);
    run(upstream, front, text, dialects::Compliance::lenient);
  }
  return 0;
}
