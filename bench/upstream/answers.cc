#include "bench/upstream/answers.h"

#include <array>
#include <cstdio>

namespace gatehouse::bench {
namespace {

constexpr std::string_view kUsage =
    R"("usage":{"prompt_tokens":212,"completion_tokens":98,"total_tokens":310})";

// Words, so that the answer compresses and scans like text.
std::string filler(std::size_t size) {
  constexpr std::string_view kWords = "the gate opens and the road goes on past the mill ";
  std::string text;
  while (text.size() < size) text += kWords;
  text.resize(size);
  return text;
}

// `before` and `after` with as much text between them as makes `size` bytes in all.
std::string filled(std::string_view before, std::string_view after, std::size_t size) {
  std::string text(before);
  text += filler(size - before.size() - after.size());
  text += after;
  return text;
}

std::string event(std::string_view choices_and_usage) {
  std::string before =
      R"(data: {"id":"chatcmpl-bench0001","object":"chat.completion.chunk","created":1700000000,)"
      R"("model":"gpt-4o-mini",)";
  before += choices_and_usage;
  before += R"(,"system_fingerprint":")";
  return filled(before, "\"}\n\n", kEventSize);
}

std::string choice(std::string_view delta, std::string_view finish_reason) {
  std::string text = R"("choices":[{"index":0,"delta":{)";
  text += delta;
  text += R"(},"finish_reason":)";
  text += finish_reason;
  text += "}]";
  return text;
}

}  // namespace

std::string completion() {
  std::string after = R"("},"logprobs":null,"finish_reason":"stop"}],)";
  after += kUsage;
  after += R"(,"system_fingerprint":"fp_bench"})";
  return filled(
      R"({"id":"chatcmpl-bench0001","object":"chat.completion","created":1700000000,)"
      R"("model":"gpt-4o-mini","choices":[{"index":0,"message":{"role":"assistant","content":")",
      after, kCompletionSize);
}

std::vector<std::string> stream_events() {
  std::vector<std::string> events;
  events.push_back(event(choice(R"("role":"assistant","content":"")", "null")));
  // Each says another word than the one before it, as those of a model do.
  constexpr std::array<std::string_view, 7> kWords = {"gate", "road", "mill", "wall",
                                                      "moat", "keep", "yard"};
  while (events.size() < kEventsPerStream - 2) {
    std::string delta = R"("content":" )";
    delta += kWords[events.size() % kWords.size()];
    delta += '"';
    events.push_back(event(choice(delta, "null")));
  }
  events.push_back(event(choice("", R"("stop")")));
  events.push_back(event(R"("choices":[],)" + std::string(kUsage)));
  events.emplace_back("data: [DONE]\n\n");
  return events;
}

std::string response_with(std::string_view json) {
  std::string text = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ";
  text += std::to_string(json.size());
  text += "\r\n\r\n";
  text += json;
  return text;
}

std::string stream_head() {
  return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
         "Cache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n";
}

std::string chunk_of(std::string_view event) {
  std::array<char, 20> size{};
  const int length = std::snprintf(size.data(), size.size(), "%zx\r\n", event.size());
  std::string text(size.data(), static_cast<std::size_t>(length));
  text += event;
  text += "\r\n";
  return text;
}

bool asks_for_stream(std::string_view body) {
  return body.find(R"("stream":true)") != std::string_view::npos ||
         body.find(R"("stream": true)") != std::string_view::npos;
}

}  // namespace gatehouse::bench
