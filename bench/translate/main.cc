// What translating a stream costs: a hundred chunks of text of an Anthropic stream put into the
// chunks of the OpenAI protocol, beside the same number of chunks that only pass through the meter.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <vector>

#include "dialects/dialect.h"
#include "http/framing/frame.h"
#include "usage/meter.h"

namespace gatehouse {
namespace {

constexpr int kChunks = 100;
constexpr std::string_view kWord = "Translating ";

std::vector<std::string> anthropic_stream() {
  std::vector<std::string> events = {
      "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\","
      "\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-x\",\"content\":[],"
      "\"usage\":{\"input_tokens\":5,\"output_tokens\":1}}}\n\n",
      "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,"
      "\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n"};
  for (int i = 0; i < kChunks; ++i) {
    events.push_back(
        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
        "\"delta\":{\"type\":\"text_delta\",\"text\":\"" +
        std::string(kWord) + "\"}}\n\n");
  }
  events.emplace_back(
      "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n");
  events.emplace_back(
      "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":"
      "\"end_turn\"},\"usage\":{\"output_tokens\":100}}\n\n");
  events.emplace_back("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
  return events;
}

std::vector<std::string> openai_stream() {
  const std::string lead =
      "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,"
      "\"model\":\"gpt-x\",\"choices\":[{\"index\":0,\"delta\":";
  std::vector<std::string> events;
  for (int i = 0; i < kChunks; ++i) {
    events.push_back(lead + "{\"content\":\"" + std::string(kWord) +
                     "\"},\"finish_reason\":null}]}\n\n");
  }
  events.push_back(lead +
                   "{},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":5,"
                   "\"completion_tokens\":100,\"total_tokens\":105}}\n\n");
  events.emplace_back("data: [DONE]\n\n");
  return events;
}

void translate_stream(benchmark::State& state, llm::DialectId from, llm::DialectId to,
                      const std::vector<std::string>& pieces) {
  const dialects::BackDoor& back = *dialects::back_door(from);
  const dialects::FrontDoor& front = *dialects::front_door(to);
  llm::Call call;
  call.stream = {true, true};
  std::vector<http::Frame> frames;
  std::vector<llm::Delta> deltas;
  for (auto _ : state) {
    const auto parser = http::make_frame_parser("text/event-stream");
    const auto decoder = back.new_stream_decoder({"anthropic", "claude-x", "id", {}, {}});
    const auto encoder = front.new_stream_encoder({{}, "anthropic", "id", 1, &call});
    std::size_t bytes = 0;
    for (const std::string& piece : pieces) {
      frames.clear();
      deltas.clear();
      std::string out;  // one for each chunk, as the gateway sends them
      benchmark::DoNotOptimize(parser->feed(piece, frames));
      for (const http::Frame& frame : frames) {
        benchmark::DoNotOptimize(decoder->feed(frame, deltas));
      }
      for (const llm::Delta& delta : deltas) encoder->feed(delta, out);
      bytes += out.size();
    }
    std::string last;
    deltas.clear();
    benchmark::DoNotOptimize(decoder->finish(deltas));
    encoder->finish({}, last);
    benchmark::DoNotOptimize(bytes += last.size());
  }
}

void anthropic_to_openai(benchmark::State& state) {
  const std::vector<std::string> pieces = anthropic_stream();
  translate_stream(state, llm::DialectId::anthropic_messages, llm::DialectId::openai_chat, pieces);
}
BENCHMARK(anthropic_to_openai)->Unit(benchmark::kMicrosecond);

void openai_to_anthropic(benchmark::State& state) {
  const std::vector<std::string> pieces = openai_stream();
  translate_stream(state, llm::DialectId::openai_chat, llm::DialectId::anthropic_messages, pieces);
}
BENCHMARK(openai_to_anthropic)->Unit(benchmark::kMicrosecond);

/// The yardstick: the meter reads what passes, and the bytes go on as they are.
void passthrough(benchmark::State& state) {
  const std::vector<std::string> pieces = openai_stream();
  for (auto _ : state) {
    const std::unique_ptr<usage::Meter> meter = usage::make_meter("text/event-stream");
    for (const std::string& piece : pieces) meter->see(piece);
    meter->finish();
    benchmark::DoNotOptimize(meter->findings().usage);
  }
}
BENCHMARK(passthrough)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace gatehouse

BENCHMARK_MAIN();
