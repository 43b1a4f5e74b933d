// One request over the network. Everything here runs on the loop.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "async/task.h"
#include "client/src/assemble.h"
#include "client/src/engine.h"
#include "client/src/route.h"
#include "gatehouse/response.h"
#include "http/client.h"

namespace gatehouse::client {

/// A request that is ready to be sent.
struct Question {
  std::shared_ptr<const Route> route;
  std::string path;  // below the route's base: "/chat/completions"
  std::string body;
  http::FieldLines fields;
  Calling calling = Calling::tools;
  std::chrono::milliseconds timeout{};  // 0 = none
  int retries = 0;                      // of connections that failed
  std::chrono::milliseconds retry_delay{};
};

/// The head of a successful answer; what it holds is read by whoever asked. Repeats what failed
/// before an answer came. Error: of the network, or upstream_status with the answer.
async::Task<http::Answer> open(Engine& engine, const Question& question);

/// A whole chat.
async::Task<LLMResponse> ask_chat(Engine& engine, const Question& question);

/// A whole request for embeddings.
async::Task<Embeddings> ask_embeddings(Engine& engine, const Question& question);

}  // namespace gatehouse::client
