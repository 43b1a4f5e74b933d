// What routing needs of the gateway: to make one try at a leaf of a plan, and to say what a failure
// means. Routing decides which leaf, when and how often; it knows no provider and no dialect.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "async/task.h"
#include "attempt/attempt.h"
#include "exchange/plan.h"

namespace gatehouse::routing {

/// What a failure is, as far as routing treats it differently.
enum class FailureKind : std::uint8_t {
  ordinary,        // a status; the lists of statuses say what to do
  network,         // no answer, or a broken one: as good as a listed status
  silence,         // a time limit ran out: asking the same one again only doubles the wait
  context_length,  // too long for this model: never sent again unchanged, the next may be larger
  content_filter,  // refused for its content: the refusal is the answer
  ends_all,        // a bug, or nothing that another target could mend
};

struct Judgement {
  int status = 0;  // as the client would see it
  FailureKind kind = FailureKind::ordinary;
  std::optional<std::chrono::milliseconds> retry_after;  // as the upstream asked
};

/// How an answer that broke off is to be taken up.
enum class ContinueBy : std::uint8_t {
  prefill,  // the text so far is the beginning of the answer
  asking,   // the text so far, and a request to go on from there
};
struct Continuation {
  std::string text;  // what the client has got already
  ContinueBy by = ContinueBy::asking;
};

struct CallTerms {
  std::string reason;                // for the record: "first", "retry", "fallback", "hedge", ...
  std::chrono::milliseconds wait{};  // how long it has been waited before, for the record
  std::optional<Continuation> continuation;
};

/// How the events of a streamed answer are to be read.
enum class EventShape : std::uint8_t { chat, completion, messages, responses, unknown };

/// Lives as long as the answer's body; routing and the streams it makes share it.
class Caller {
 public:
  virtual ~Caller() = default;
  /// Which upstream (host, credential, model) the leaf means. Cheap. Error: it cannot be called.
  virtual Result<std::string> upstream_of(const exchange::PlanNode& leaf) = 0;
  /// One try. Error: no answer, or a status of failure of an endpoint that is understood here; a
  /// passed-through one stays an answer. Cancelling: destroying, which is noted.
  virtual async::Task<attempt::AnswerPtr> call(const exchange::PlanNode& leaf, CallTerms terms) = 0;
  virtual Judgement judge(const Error& error) const = 0;
  virtual bool takes_prefill(const exchange::PlanNode& leaf) const = 0;
  /// "metadata.plan", "params.model", "url.pathname", "headers.x-session".
  virtual std::optional<exchange::Scalar> field(std::string_view name) const = 0;
  virtual EventShape shape() const = 0;
  virtual bool is_streaming() const = 0;
  /// False for uploads, which are passed on as they come.
  virtual bool can_repeat() const = 0;
};

}  // namespace gatehouse::routing
