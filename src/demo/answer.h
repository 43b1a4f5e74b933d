// The built-in upstream: an OpenAI-shaped provider inside the process, so that everything can be
// tried without a key and without a network. It calls no model. What it answers follows from the
// request alone, and every answer says that it is a demo: the model's name, the text's prefix, the
// system fingerprint and the field x-gatehouse-demo.
//
// Models: `demo-chat`, and for trying out what goes wrong `demo-slow`, `demo-cut` (the answer
// breaks off) and `demo-error-NNN` (any status from 400 to 599). Other names that begin with
// `demo-` are unknown (404); any name else is answered as `demo-chat`.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gatehouse::demo {

struct Request {
  std::string_view method;          // "POST"
  std::string_view path;            // "/v1/chat/completions"; the version may be missing
  std::string_view content_type{};  // only multipart bodies need it
  std::string_view body{};
  std::int64_t created = 1'700'000'000;  // seconds, for the `created` of answers
};

/// A part of the body, and how long to wait before it is sent.
struct Chunk {
  std::string bytes;
  std::chrono::milliseconds delay{0};
};

enum class Ending : std::uint8_t {
  complete,
  cut,  // the connection breaks behind the last chunk, as that of a provider that crashed
};

struct Answer {
  int status = 200;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;
  std::vector<Chunk> chunks;
  Ending ending = Ending::complete;
};

/// Always gives an answer: what is wrong with a request is an answer with an OpenAI error in it.
/// Pure and thread-safe.
Answer answer(const Request& request);

}  // namespace gatehouse::demo
