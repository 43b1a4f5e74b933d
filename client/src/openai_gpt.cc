#include "gatehouse/openai_gpt.h"

#include "client/src/engine.h"
#include "client/src/pending_front.h"
#include "client/src/raise.h"
#include "client/src/request_body.h"
#include "client/src/route.h"
#include "client/src/stream_front.h"

namespace gatehouse::client {
namespace {

std::shared_ptr<Engine> engine_for(const Route& route, const OpenAIGPTConfig& config) {
  return value_or_raise(Engine::shared({route.endpoint.is_tls, config.ca_file}));
}

}  // namespace

/// Immutable, so that all threads may use it.
class OpenAIGPT::Impl {
 public:
  explicit Impl(OpenAIGPTConfig given)
      : config(std::move(given)),
        chat_route(std::make_shared<Route>(value_or_raise(make_route(config, config.chat_model)))),
        embedding_route(
            std::make_shared<Route>(value_or_raise(make_route(config, embedding_model())))),
        engine(engine_for(*chat_route, config)) {}

  Question question(const std::shared_ptr<const Route>& route, const ChatOptions& options) const {
    Question question;
    question.route = route;
    question.fields = value_or_raise(field_lines(*route, options.trace_id));
    question.calling = options.functions.empty() ? Calling::tools : Calling::functions;
    question.timeout = config.timeout;
    question.retries = config.connection_retries;
    question.retry_delay = config.retry_delay;
    return question;
  }

  Question chat_question(const Prompt& prompt, const ChatOptions& options,
                         Delivery delivery) const {
    Question asked = question(chat_route, options);
    asked.path = "/chat/completions";
    asked.body = value_or_raise(chat_body(config, chat_route->model, prompt, options, delivery));
    return asked;
  }

  OpenAIGPTConfig config;
  std::shared_ptr<const Route> chat_route;
  std::shared_ptr<const Route> embedding_route;
  std::shared_ptr<Engine> engine;

 private:
  /// A model that is named without a provider is asked for where the chat model is.
  std::string embedding_model() const {
    const bool is_gateway = config.chat_model.starts_with("portkey/");
    const std::string& model = config.embedding_model;
    if (!is_gateway || model.starts_with("portkey/")) return model;
    const ModelName chat = PortkeyParams::parse_model_string(config.chat_model);
    return "portkey/" + (chat.provider.empty() ? model : chat.provider + "/" + model);
  }
};

OpenAIGPT::OpenAIGPT(OpenAIGPTConfig config)
    : impl_(std::make_shared<const Impl>(std::move(config))) {}
OpenAIGPT::OpenAIGPT(const OpenAIGPT&) = default;
OpenAIGPT::OpenAIGPT(OpenAIGPT&&) noexcept = default;
OpenAIGPT& OpenAIGPT::operator=(const OpenAIGPT&) = default;
OpenAIGPT& OpenAIGPT::operator=(OpenAIGPT&&) noexcept = default;
OpenAIGPT::~OpenAIGPT() = default;

LLMResponse OpenAIGPT::chat(const Prompt& prompt, const ChatOptions& options) const {
  if (!impl_->config.stream) return achat(prompt, options).get();
  return stream(prompt, impl_->config.streamer, options);
}

Pending<LLMResponse> OpenAIGPT::achat(const Prompt& prompt, const ChatOptions& options) const {
  return send<LLMResponse>(impl_->engine, impl_->chat_question(prompt, options, Delivery::whole),
                           &ask_chat, options.cancel);
}

ChatStream OpenAIGPT::stream(const Prompt& prompt, const ChatOptions& options) const {
  return send_for_stream(impl_->engine, impl_->chat_question(prompt, options, Delivery::stream),
                         options.cancel);
}

LLMResponse OpenAIGPT::stream(const Prompt& prompt,
                              const std::function<void(const ChatDelta&)>& on_delta,
                              const ChatOptions& options) const {
  ChatStream answer = stream(prompt, options);
  while (const ChatDelta* delta = answer.next()) {
    if (on_delta) on_delta(*delta);
  }
  return answer.response();
}

Embeddings OpenAIGPT::embeddings(const std::vector<std::string>& texts,
                                 const ChatOptions& options) const {
  return aembeddings(texts, options).get();
}

Pending<Embeddings> OpenAIGPT::aembeddings(const std::vector<std::string>& texts,
                                           const ChatOptions& options) const {
  Question asked = impl_->question(impl_->embedding_route, options);
  asked.path = "/embeddings";
  asked.body =
      value_or_raise(embeddings_body(impl_->config, impl_->embedding_route->model, texts, options));
  return send<Embeddings>(impl_->engine, std::move(asked), &ask_embeddings, options.cancel);
}

const OpenAIGPTConfig& OpenAIGPT::config() const { return impl_->config; }

}  // namespace gatehouse::client
