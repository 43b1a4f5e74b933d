// The client: pick a model, chat.
//
//     gatehouse::client::OpenAIGPTConfig config{.chat_model = "portkey/openai/gpt-4o-mini"};
//     gatehouse::client::OpenAIGPT llm(config);
//     std::puts(llm.chat("What is the smallest prime number?").message.c_str());
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gatehouse/chat.h"
#include "gatehouse/chat_stream.h"
#include "gatehouse/export.h"
#include "gatehouse/openai_gpt_config.h"
#include "gatehouse/pending.h"
#include "gatehouse/response.h"

namespace gatehouse::client {

/// Talks to one model over an OpenAI-compatible API. Thread-safe: any number of threads may use one
/// at once, and what it returned may outlive it. Those that live at the same time share one network
/// thread and its open connections; copies are cheap. Errors are thrown as ClientError (error.h).
class GATEHOUSE_CLIENT_API OpenAIGPT {
 public:
  /// Error: ConfigurationError for an address, a header or a file that cannot be used.
  explicit OpenAIGPT(OpenAIGPTConfig config);
  OpenAIGPT(const OpenAIGPT&);
  OpenAIGPT(OpenAIGPT&&) noexcept;
  OpenAIGPT& operator=(const OpenAIGPT&);
  OpenAIGPT& operator=(OpenAIGPT&&) noexcept;
  ~OpenAIGPT();

  /// Asks, and waits for the whole answer.
  LLMResponse chat(const Prompt& prompt, const ChatOptions& options = {}) const;

  /// Asks at once, and gives the answer to whoever awaits it.
  Pending<LLMResponse> achat(const Prompt& prompt, const ChatOptions& options = {}) const;

  /// Asks for a stream, to be iterated over.
  ChatStream stream(const Prompt& prompt, const ChatOptions& options = {}) const;

  /// Asks for a stream, calls `on_delta` for each piece in this thread, and returns the whole. What
  /// `on_delta` throws ends the stream and is passed on.
  LLMResponse stream(const Prompt& prompt, const std::function<void(const ChatDelta&)>& on_delta,
                     const ChatOptions& options = {}) const;

  /// One vector for each text, by OpenAIGPTConfig::embedding_model. Of the options, `trace_id`,
  /// `extra_body` and `cancel` count.
  Embeddings embeddings(const std::vector<std::string>& texts,
                        const ChatOptions& options = {}) const;
  /// Likewise, to be awaited.
  Pending<Embeddings> aembeddings(const std::vector<std::string>& texts,
                                  const ChatOptions& options = {}) const;

  /// What it was made with.
  const OpenAIGPTConfig& config() const;

 private:
  class Impl;
  std::shared_ptr<const Impl> impl_;
};

}  // namespace gatehouse::client
