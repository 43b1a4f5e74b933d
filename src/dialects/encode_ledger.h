// The account of what an encoder could not take over from a call.
//
// Two kinds of parameter have no place in a provider's protocol:
// - one that only nudges (seed, a penalty, an end-user id) is left out, and listed;
// - one that would make the answer another one (n > 1, log probabilities, a response format, audio)
// is
//   refused with an error that names it, unless the call says `drop_params`: then it is listed too.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dialects/dialect.h"

namespace gatehouse::dialects {

class EncodeLedger {
 public:
  EncodeLedger(const llm::Call& call, const EncodeTarget& target) : call_(call), target_(target) {}

  /// Left out without harm.
  void drop(std::string_view param);
  /// Left out only if the call allows it. `why` completes "'n' is not supported by anthropic: …".
  void refuse(std::string_view param, std::string_view why);
  /// The call is wrong for any provider, or nothing sensible is left without this.
  void fail_with(std::string_view param, std::string message);

  /// The JSON text of a member that the vocabulary has no word for, empty if the call has none.
  /// Asking for it makes it known: it will not be listed as dropped.
  std::string_view extension(std::string_view name);
  /// All members that nobody asked for.
  void drop_unknown();

  /// The request with its list of dropped parameters, or the first error.
  Result<EncodedRequest> close(EncodedRequest request);
  bool has_failed() const { return error_.has_value(); }

 private:
  const llm::Call& call_;
  const EncodeTarget& target_;
  std::vector<std::string> dropped_;
  std::vector<std::string_view> used_;
  std::optional<Error> error_;
};

/// For dialects that give one answer at a time.
void refuse_several_answers(const llm::Call& call, EncodeLedger& ledger);
/// For dialects that do not tell log probabilities.
void refuse_logprobs(const llm::Call& call, EncodeLedger& ledger);
/// For dialects whose tokens cannot be named.
void refuse_logit_bias(const llm::Call& call, EncodeLedger& ledger);
/// For dialects that answer in text alone.
void refuse_audio_answer(const llm::Call& call, EncodeLedger& ledger);
/// Lists what only OpenAI knows and no answer depends on: a prediction, storing, verbosity, …
void drop_openai_only(const llm::Call& call, EncodeLedger& ledger);

/// Accounts for blocks that only another protocol than `own` knows: refused where the user says
/// something by them, dropped where they are what an assistant once answered.
void account_for_foreign_blocks(const llm::Call& call, llm::DialectId own, EncodeLedger& ledger);

}  // namespace gatehouse::dialects
