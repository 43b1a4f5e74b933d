#include "cache/replay.h"

#include <variant>

namespace gatehouse::cache {
namespace {

constexpr std::size_t kPiece = 500;

bool continues_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

class Player {
 public:
  explicit Player(std::vector<llm::Delta>& out) : out_(out) {}

  void play(const llm::Choice& choice) {
    choice_ = choice.index;
    block_ = 0;
    calls_ = 0;
    logprobs_ = &choice.logprobs;
    for (const llm::Block& block : choice.blocks) {
      std::visit([&](const auto& content) { play(content, block); }, block.content);
      ++block_;
    }
    // Where no text came with them.
    if (!logprobs_->empty()) out_.emplace_back(llm::TextDelta{choice_, block_, {}, *logprobs_});
    out_.emplace_back(llm::Finished{choice_, choice.finish, choice.extras});
  }

 private:
  void play(const llm::Text& text, const llm::Block& /*block*/) {
    std::string_view rest = text.text;
    while (!rest.empty()) {
      const std::string_view piece = next_piece(rest);
      rest.remove_prefix(piece.size());
      out_.emplace_back(llm::TextDelta{choice_, block_, std::string(piece), *logprobs_});
      logprobs_ = &kNone;
    }
    for (const llm::Citation& citation : text.citations) {
      out_.emplace_back(llm::CitationDelta{choice_, block_, citation});
    }
  }

  void play(const llm::Refusal& refusal, const llm::Block& /*block*/) {
    out_.emplace_back(llm::RefusalDelta{choice_, refusal.text});
  }

  void play(const llm::Reasoning& thought, const llm::Block& /*block*/) {
    std::string_view rest = thought.text;
    while (!rest.empty()) {
      const std::string_view piece = next_piece(rest);
      rest.remove_prefix(piece.size());
      out_.emplace_back(llm::ReasoningDelta{choice_, block_, std::string(piece), {}, {}});
    }
    if (thought.signature.empty() && thought.redacted.empty()) return;
    out_.emplace_back(
        llm::ReasoningDelta{choice_, block_, {}, thought.signature, thought.redacted});
  }

  void play(const llm::ToolCall& call, const llm::Block& /*block*/) {
    out_.emplace_back(
        llm::ToolCallStarted{choice_, calls_, call.id, call.name, call.signature, call.kind});
    out_.emplace_back(llm::ToolCallArguments{choice_, calls_, call.arguments});
    ++calls_;
  }

  /// Images, and what only one protocol knows.
  template <class Content>
  void play(const Content& /*content*/, const llm::Block& block) {
    out_.emplace_back(llm::BlockDelta{choice_, block_, block});
  }

  static inline const std::vector<llm::TokenLogprob> kNone;
  std::vector<llm::Delta>& out_;
  const std::vector<llm::TokenLogprob>* logprobs_ = &kNone;
  std::int64_t choice_ = 0;
  std::int64_t block_ = 0;
  std::int64_t calls_ = 0;
};

}  // namespace

std::string_view next_piece(std::string_view text) {
  if (text.size() <= kPiece) return text;
  std::size_t end = kPiece;
  while (end > 0 && continues_character(text[end])) --end;
  return text.substr(0, end > 0 ? end : kPiece);
}

std::vector<llm::Delta> deltas_of(const llm::Reply& reply) {
  std::vector<llm::Delta> deltas;
  deltas.emplace_back(llm::Started{reply.id, reply.model, reply.created, reply.service_tier,
                                   reply.system_fingerprint});
  Player player(deltas);
  for (const llm::Choice& choice : reply.choices) player.play(choice);
  if (reply.usage) deltas.emplace_back(llm::UsageReported{*reply.usage});
  return deltas;
}

}  // namespace gatehouse::cache
