#include "gateway/translate.h"

#include <chrono>
#include <variant>
#include <vector>

#include "http/content_coding.h"
#include "http/framing/frame.h"

namespace gatehouse::gateway {

using async::Task;
using http::Chunk;
using http::Stream;
using llm::DialectId;

namespace {

constexpr std::size_t kMaxDocument = 64 * 1024 * 1024;

dialects::AnswerContext context_of(const Translation& translation) {
  return {translation.provider, translation.call.model, translation.id, translation.host,
          translation.encoded.hints};
}

dialects::AnswerOptions options_of(const Translation& translation) {
  return {translation.compliance, translation.provider, translation.id, translation.created,
          &translation.call};
}

Stream<Chunk> decoded(Stream<Chunk> body, std::string_view encoding) {
  const auto coding = http::content_coding_of(encoding);
  if (!coding || *coding == http::ContentCoding::identity) return body;
  return http::decode_content(std::move(body), *coding);
}

/// Feeds frames to the decoder and its deltas to the encoder; what comes out is the client's.
class Translator {
 public:
  Translator(const Translation& translation, std::unique_ptr<http::FrameParser> parser,
             exchange::Exchange& exchange)
      : exchange_(exchange),
        parser_(std::move(parser)),
        decoder_(translation.back->new_stream_decoder(context_of(translation))),
        encoder_(translation.front->new_stream_encoder(options_of(translation))) {}

  Result<void> feed(std::string_view bytes, std::string& out) {
    frames_.clear();
    Result<void> parsed = parser_->feed(bytes, frames_);
    if (Result<void> passed = pass_frames(out); !passed) return passed;
    return parsed;
  }
  Result<void> finish(std::string& out) {
    frames_.clear();
    Result<void> parsed = parser_->finish(frames_);
    if (Result<void> passed = pass_frames(out); !passed) return passed;
    if (!parsed) return parsed;
    deltas_.clear();
    Result<void> finished = decoder_->finish(deltas_);
    pass_deltas(out);
    if (finished) encoder_->finish({}, out);
    return finished;
  }

 private:
  Result<void> pass_frames(std::string& out) {
    for (const http::Frame& frame : frames_) {
      deltas_.clear();
      Result<void> fed = decoder_->feed(frame, deltas_);
      pass_deltas(out);
      if (!fed) return fed;
    }
    return {};
  }

  void pass_deltas(std::string& out) {
    for (const llm::Delta& delta : deltas_) {
      if (const auto* reported = std::get_if<llm::UsageReported>(&delta))
        exchange_.usage = reported->usage;
      if (const auto* started = std::get_if<llm::Started>(&delta))
        exchange_.answered_model = started->model;
      encoder_->feed(delta, out);
    }
  }

  exchange::Exchange& exchange_;
  std::unique_ptr<http::FrameParser> parser_;
  std::unique_ptr<dialects::StreamDecoder> decoder_;
  std::unique_ptr<dialects::StreamEncoder> encoder_;
  std::vector<http::Frame> frames_;
  std::vector<llm::Delta> deltas_;
};

// The translation is a parameter, so that it lives as long as the stream does.
Stream<Chunk> translated(Stream<Chunk> in, std::unique_ptr<Translator> translator,
                         std::shared_ptr<Translation> /*kept*/) {
  while (Chunk* const chunk = co_await in.next()) {
    std::string out;
    Result<void> fed = translator->feed(chunk->view(), out);
    if (!out.empty()) co_yield async::make_chunk(std::move(out));
    co_await std::move(fed);
  }
  std::string last;
  Result<void> finished = translator->finish(last);
  if (!last.empty()) co_yield async::make_chunk(std::move(last));
  co_await std::move(finished);
}

}  // namespace

TranslationContext translation_context(const ResolveInput& input,
                                       const exchange::Exchange& exchange) {
  const bool is_lenient = input.fields.strict_open_ai_compliance == "false";
  return {
      exchange.id,
      std::chrono::duration_cast<std::chrono::seconds>(exchange.started.time_since_epoch()).count(),
      is_lenient ? dialects::Compliance::lenient : dialects::Compliance::strict,
      input.fields.drop_params == "true" ? llm::UnsupportedParams::drop
                                         : llm::UnsupportedParams::refuse,
      {}};
}

std::optional<DialectId> dialect_of(Endpoint endpoint) {
  switch (endpoint) {
    case Endpoint::chat_complete: return DialectId::openai_chat;
    case Endpoint::messages: return DialectId::anthropic_messages;
    case Endpoint::create_response: return DialectId::openai_responses;
    default: return std::nullopt;
  }
}

bool needs_translation(Endpoint endpoint, const Target& target) {
  const providers::ProviderRow& row = *target.row;
  const std::optional<DialectId> asked = dialect_of(endpoint);
  const std::optional<DialectId> spoken = target.dialect();
  if (!asked || !spoken || row.reach == providers::Reach::in_process) return false;
  const bool is_same = *asked == *spoken && target.host() == llm::Host::own;
  if (is_same || !row.can.has(Capability::chat)) return false;
  // OpenAI-shaped providers that have the endpoint themselves answer it themselves.
  if (*asked == DialectId::openai_responses && row.can.has(Capability::responses)) return false;
  return dialects::front_door(*asked) != nullptr && dialects::back_door(*spoken) != nullptr;
}

Result<std::shared_ptr<Translation>> decode_request(const Asked& asked, const Target& target,
                                                    const TranslationContext& context) {
  auto translation = std::make_shared<Translation>();
  translation->front = dialects::front_door(*dialect_of(asked.route.endpoint));
  translation->back = dialects::back_door(*target.dialect());
  translation->provider = target.row->id;
  translation->host = target.host();
  translation->id = context.id;
  translation->created = context.created;
  translation->compliance = context.compliance;
  translation->flavour = target.row->quirks.event_end == llm::EventEnd::line
                             ? http::SseFlavour::line_per_event
                             : http::SseFlavour::standard;
  Result<llm::Call> call = translation->front->decode_request(
      context.body.empty() ? std::string_view(asked.body) : context.body);
  if (!call) return std::unexpected(std::move(call.error()));
  translation->call = std::move(*call);
  translation->call.model = target.resolved.model;
  if (context.unsupported == llm::UnsupportedParams::drop) {
    translation->call.unsupported = context.unsupported;
  }
  return translation;
}

Result<void> encode_request(const Target& target, Translation& translation) {
  dialects::EncodeTarget encode_target;
  encode_target.provider = target.row->id;
  encode_target.model = target.resolved.model;
  encode_target.host = target.host();
  Result<dialects::EncodedRequest> encoded =
      translation.back->encode_request(translation.call, encode_target);
  if (!encoded) return std::unexpected(std::move(encoded.error()));
  translation.encoded = std::move(*encoded);
  return {};
}

// NOLINTBEGIN(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<attempt::AnswerPtr> translate_answer(attempt::AnswerPtr answer,
                                          std::shared_ptr<Translation> translation,
                                          exchange::Exchange& exchange) {
  // NOLINTEND(*-avoid-reference-coroutine-parameters)
  Stream<Chunk> body = decoded(std::move(answer->body), answer->content_encoding);
  answer->content_encoding.clear();
  answer->length.reset();
  std::unique_ptr<http::FrameParser> parser;
  if (translation->call.stream.is_wanted) {
    parser = http::make_frame_parser(answer->content_type, translation->flavour);
  }
  if (parser) {
    auto translator = std::make_unique<Translator>(*translation, std::move(parser), exchange);
    answer->content_type = "text/event-stream";
    answer->is_body_ready = false;
    answer->body = translated(std::move(body), std::move(translator), std::move(translation));
    co_return std::move(answer);
  }
  const std::string document = co_await http::collect(std::move(body), 16 * 1024, kMaxDocument);
  const dialects::AnswerContext context = context_of(*translation);
  Result<llm::Reply> reply = translation->back->decode_response(document, context);
  if (!reply) co_return std::unexpected(std::move(reply.error()));
  exchange.usage = reply->usage;
  std::string text = translation->front->encode_response(*reply, options_of(*translation));
  answer->content_type = "application/json";
  answer->length = text.size();
  answer->is_body_ready = true;
  answer->body = http::one_chunk(std::move(text));
  co_return std::move(answer);
}

}  // namespace gatehouse::gateway
