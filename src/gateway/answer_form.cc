#include "gateway/answer_form.h"

#include <utility>
#include <vector>

#include "base/text.h"
#include "cache/assemble.h"
#include "cache/policy.h"
#include "cache/replay.h"
#include "cache/text_completion.h"
#include "http/framing/frame.h"

namespace gatehouse::gateway {
namespace {

// A stream of /v1/completions is held as it comes: that many times the size of its document.
constexpr std::size_t kCompletionOverhead = 16;

dialects::AnswerContext context_of(const AnswerForm& form) {
  return {form.provider, form.model, form.id, dialects::Host::own, {}};
}

dialects::AnswerOptions options_of(const AnswerForm& form) {
  return {form.compliance, form.provider, form.id, form.created, form.call.get()};
}

class DocumentCollector final : public AnswerCollector {
 public:
  DocumentCollector(const AnswerForm& form, std::size_t limit) : form_(form), limit_(limit) {}

  void see(std::string_view bytes) override {
    if (is_over_) return;
    is_over_ = text_.size() + bytes.size() > limit_;
    text_.append(is_over_ ? std::string_view() : bytes);
  }
  std::optional<std::string> take(StreamEnd /*end*/) override {
    if (is_over_ || !is_fit(form_, text_)) return std::nullopt;
    return std::move(text_);
  }

 private:
  const AnswerForm& form_;
  std::size_t limit_;
  std::string text_;
  bool is_over_ = false;
};

/// Cuts a stream into frames, until something is wrong with it.
class StreamCollector : public AnswerCollector {
 public:
  explicit StreamCollector(std::unique_ptr<http::FrameParser> parser)
      : parser_(std::move(parser)) {}

  void see(std::string_view bytes) override {
    if (!is_good_) return;
    is_good_ = parser_->feed(bytes, frames_).has_value();
    pass();
  }

 protected:
  virtual bool take_frame(const http::Frame& frame) = 0;

  bool ends_well() {
    is_good_ = is_good_ && parser_->finish(frames_).has_value();
    pass();
    return is_good_;
  }

 private:
  void pass() {
    for (const http::Frame& frame : frames_) is_good_ = is_good_ && take_frame(frame);
    frames_.clear();
  }

  std::unique_ptr<http::FrameParser> parser_;
  std::vector<http::Frame> frames_;
  bool is_good_ = true;
};

class DialectCollector final : public StreamCollector {
 public:
  DialectCollector(const AnswerForm& form, std::unique_ptr<http::FrameParser> parser,
                   std::size_t limit)
      : StreamCollector(std::move(parser)),
        form_(form),
        limit_(limit),
        decoder_(dialects::back_door(*form.dialect)->new_stream_decoder(context_of(form))) {}

  std::optional<std::string> take(StreamEnd end) override {
    if (!ends_well() || !decoder_->finish(deltas_)) return std::nullopt;
    add();
    const llm::Reply reply = builder_.take();
    // Who left early may have left the usage behind, which comes last.
    if (!cache::is_fit(reply) || (end == StreamEnd::left && !reply.usage)) return std::nullopt;
    std::string document =
        dialects::front_door(*form_.dialect)->encode_response(reply, options_of(form_));
    if (document.size() > limit_) return std::nullopt;
    return document;
  }

 private:
  bool take_frame(const http::Frame& frame) override {
    const bool is_good = decoder_->feed(frame, deltas_).has_value();
    add();
    return is_good && builder_.size() <= limit_;
  }
  void add() {
    for (const llm::Delta& delta : deltas_) builder_.add(delta);
    deltas_.clear();
  }

  const AnswerForm& form_;
  std::size_t limit_;
  std::unique_ptr<dialects::StreamDecoder> decoder_;
  std::vector<llm::Delta> deltas_;
  cache::ReplyBuilder builder_;
};

class CompletionCollector final : public StreamCollector {
 public:
  CompletionCollector(std::unique_ptr<http::FrameParser> parser, std::size_t limit)
      : StreamCollector(std::move(parser)), left_(limit * kCompletionOverhead) {}

  std::optional<std::string> take(StreamEnd end) override {
    if (end == StreamEnd::left || !ends_well()) return std::nullopt;
    std::optional<std::string> document = cache::join_completion(events_);
    if (document && !cache::is_fit_completion(*document)) return std::nullopt;
    return document;
  }

 private:
  bool take_frame(const http::Frame& frame) override {
    if (frame.kind == http::FrameKind::comment) return true;
    if (frame.data.size() > left_) return false;
    left_ -= frame.data.size();
    events_.emplace_back(frame.data);
    return true;
  }
  std::size_t left_;
  std::vector<std::string> events_;
};

}  // namespace

std::shared_ptr<const AnswerForm> answer_form_of(const Asked& asked, const AnswerPlan& plan,
                                                 const TranslationContext& context,
                                                 const providers::ProviderRow& row) {
  auto form = std::make_shared<AnswerForm>();
  form->endpoint = asked.route.endpoint;
  form->streaming = asked.is_streaming ? exchange::Streaming::yes : exchange::Streaming::no;
  form->tells_usage = asked.wants_usage || plan.usage == UsageWish::ours;
  form->dialect = dialect_of(asked.route.endpoint);
  form->provider = row.id;
  form->model = asked.model;
  form->id = context.id;
  form->created = context.created;
  form->compliance = context.compliance;
  if (!form->is_stream() || !form->dialect) return form;
  Result<llm::Call> call = dialects::front_door(*form->dialect)->decode_request(asked.body);
  if (!call) return nullptr;
  call->stream.includes_usage = form->tells_usage;
  form->call = std::make_unique<const llm::Call>(std::move(*call));
  return form;
}

bool is_fit(const AnswerForm& form, std::string_view document) {
  if (!cache::is_fit_document(document)) return false;
  if (form.endpoint == Endpoint::complete) return cache::is_fit_completion(document);
  if (!form.dialect) return true;
  const Result<llm::Reply> reply =
      dialects::back_door(*form.dialect)->decode_response(document, context_of(form));
  if (!reply || !cache::is_fit(*reply)) return false;
  return form.endpoint != Endpoint::create_response || cache::is_completed_response(document);
}

Result<Retold> retold_as_stream(const AnswerForm& form, std::string_view document) {
  if (!form.dialect) {
    Result<std::string> text = cache::split_completion(
        document, form.tells_usage ? cache::UsageChunk::yes : cache::UsageChunk::no);
    if (!text) return fail(std::move(text.error()));
    return Retold{std::move(*text), std::nullopt};
  }
  Result<llm::Reply> reply =
      dialects::back_door(*form.dialect)->decode_response(document, context_of(form));
  if (!reply) return fail(std::move(reply.error()));
  reply->created = form.created;
  const auto encoder = dialects::front_door(*form.dialect)->new_stream_encoder(options_of(form));
  Retold retold;
  for (const llm::Delta& delta : cache::deltas_of(*reply)) encoder->feed(delta, retold.text);
  encoder->finish({}, retold.text);
  retold.usage = reply->usage;
  return retold;
}

std::unique_ptr<AnswerCollector> make_collector(const AnswerForm& form,
                                                std::string_view content_type, std::size_t limit) {
  const std::string_view type = trimmed(content_type.substr(0, content_type.find(';')));
  if (!form.is_stream() || !equals_ignoring_case(type, "text/event-stream")) {
    if (!equals_ignoring_case(type, "application/json")) return nullptr;
    return std::make_unique<DocumentCollector>(form, limit);
  }
  std::unique_ptr<http::FrameParser> parser = http::make_frame_parser(content_type);
  if (!form.dialect) return std::make_unique<CompletionCollector>(std::move(parser), limit);
  return std::make_unique<DialectCollector>(form, std::move(parser), limit);
}

}  // namespace gatehouse::gateway
