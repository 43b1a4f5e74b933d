#include "dialects/encode_ledger.h"

#include <algorithm>
#include <utility>

namespace gatehouse::dialects {

void EncodeLedger::drop(std::string_view param) {
  if (std::ranges::find(dropped_, param) == dropped_.end()) dropped_.emplace_back(param);
}

void EncodeLedger::refuse(std::string_view param, std::string_view why) {
  if (call_.unsupported == llm::UnsupportedParams::drop) return drop(param);
  std::string message = "'" + std::string(param) + "' is not supported by " +
                        std::string(target_.provider) + ": " + std::string(why) +
                        ". Leave it out, or set \"drop_params\": true to have it left out.";
  fail_with(param, std::move(message));
}

void EncodeLedger::fail_with(std::string_view param, std::string message) {
  if (error_) return;
  error_ = client_error(ErrorCode::invalid_request, std::move(message), std::string(param));
}

std::string_view EncodeLedger::extension(std::string_view name) {
  used_.push_back(name);
  const auto found = std::ranges::find(call_.unknown, name, &llm::RawMember::name);
  return found == call_.unknown.end() ? std::string_view() : std::string_view(found->json);
}

void EncodeLedger::drop_unknown() {
  for (const llm::RawMember& member : call_.unknown) {
    if (std::ranges::find(used_, member.name) == used_.end()) drop(member.name);
  }
}

Result<EncodedRequest> EncodeLedger::close(EncodedRequest request) {
  if (error_) return fail(std::move(*error_));
  request.dropped = std::move(dropped_);
  return request;
}

void refuse_several_answers(const llm::Call& call, EncodeLedger& ledger) {
  if (call.n.value_or(1) > 1) ledger.refuse("n", "it gives one answer at a time");
}

void refuse_logprobs(const llm::Call& call, EncodeLedger& ledger) {
  if (call.logprobs.value_or(false)) {
    ledger.refuse("logprobs", "it does not tell them");
  } else if (call.top_logprobs) {
    ledger.drop("top_logprobs");
  }
}

void refuse_logit_bias(const llm::Call& call, EncodeLedger& ledger) {
  const std::string& bias = call.sampling.logit_bias;
  if (!bias.empty() && bias != "{}") ledger.refuse("logit_bias", "its tokens are others");
}

void refuse_audio_answer(const llm::Call& call, EncodeLedger& ledger) {
  if (std::ranges::find(call.modalities, "audio") != call.modalities.end()) {
    ledger.refuse("modalities", "it answers in text");
  } else if (!call.audio.empty()) {
    ledger.drop("audio");
  }
}

void drop_openai_only(const llm::Call& call, EncodeLedger& ledger) {
  if (!call.prediction.empty()) ledger.drop("prediction");
  if (call.store) ledger.drop("store");
  if (!call.verbosity.empty()) ledger.drop("verbosity");
  if (!call.prompt_cache_key.empty()) ledger.drop("prompt_cache_key");
}

void account_for_foreign_blocks(const llm::Call& call, llm::DialectId own, EncodeLedger& ledger) {
  for (const llm::Message& message : call.messages) {
    for (const llm::Block& block : message.blocks) {
      const auto* opaque = std::get_if<llm::Opaque>(&block.content);
      if (opaque == nullptr || opaque->dialect == own) continue;
      if (message.role == llm::Role::assistant) {
        ledger.drop("messages.content");
      } else {
        ledger.refuse("messages.content", "it does not know the content part " + opaque->json);
      }
    }
  }
}

}  // namespace gatehouse::dialects
