#include "gateway/answer_from_cache.h"

#include <utility>

#include "async/loop.h"
#include "base/process_log.h"
#include "cache/response_cache.h"
#include "gateway/embed_question.h"
#include "gateway/record_answer.h"

namespace gatehouse::gateway {

using async::Task;
using cache::EntryPtr;
using cache::Landed;
using exchange::CacheStatus;
using exchange::Exchange;

namespace {

/// One call, on the frame of answer_from_cache_or.
struct Turn {
  Worker& worker;
  const Snapshot& snapshot;
  const CachePlan& plan;
  cache::ResponseCache& cache;
};

attempt::AnswerPtr answer_of(const EntryPtr& entry) {
  attempt::AnswerPtr answer = attempt::json_answer(entry->body);
  answer->is_kept = true;
  return answer;
}

Result<attempt::AnswerPtr> hit(const Landed& landed, const CachePlan& plan, Exchange& exchange) {
  exchange.cache = landed.status;
  attempt::AnswerPtr answer = answer_of(landed.entry);
  if (!plan.form->is_stream()) {
    if (const std::optional<cache::Told>& told = landed.entry->told) {
      exchange.answered_model = told->model;
      exchange.finish_reason = told->finish_reason;
      exchange.usage = told->usage;
      answer->is_told = true;
    }
    return answer;
  }
  Result<Retold> retold = retold_as_stream(*plan.form, landed.entry->body);
  if (!retold) return fail(std::move(retold.error()));
  exchange.usage = retold->usage;
  answer->content_type = "text/event-stream";
  answer->length.reset();
  answer->body = http::one_chunk(std::move(retold->text));
  return answer;
}

/// A similar question in semantic mode shares nothing with the same one in simple mode: the one may
/// be answered by another question's answer, the other never.
cache::Key flight_of(const CachePlan& plan) {
  if (!plan.semantic) return plan.key;
  return cache::KeyParts().add("semantic").with(plan.key.hex());
}

bool is_fresh(const Turn& turn, const cache::Entry& entry) {
  return entry.is_fresh(turn.cache.clock().wall(), turn.plan.max_age);
}

/// What came of boarding: an answer, the lead, or neither (alone).
struct Boarded {
  Landed landed;
  std::optional<cache::Lead> lead;
};

// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<Boarded> board(Turn turn, Exchange& exchange) {
  Boarded boarded;
  const std::chrono::milliseconds longest = turn.plan.longest_wait;
  if (longest.count() == 0) co_return std::move(boarded);
  cache::Seat seat = turn.cache.flights().board(flight_of(turn.plan));
  if (auto* const first = std::get_if<cache::Lead>(&seat)) {
    boarded.lead.emplace(std::move(*first));
  } else {
    const MonotonicTime began = async::Loop::current().now();
    cache::Verdict verdict = co_await std::get<cache::Follower>(seat).wait(longest);
    exchange.waited =
        std::chrono::duration_cast<std::chrono::microseconds>(async::Loop::current().now() - began);
    if (auto* const lead = std::get_if<cache::Lead>(&verdict))
      boarded.lead.emplace(std::move(*lead));
    auto* const landed = std::get_if<Landed>(&verdict);
    // A similar question's answer may be older than this client wants.
    if (landed != nullptr && is_fresh(turn, *landed->entry)) boarded.landed = std::move(*landed);
  }
  if (!boarded.lead) co_return std::move(boarded);
  // Who led before may have landed since we looked.
  EntryPtr entry = turn.cache.find_in_memory(turn.plan.key);
  if (entry && is_fresh(turn, *entry)) {
    boarded.landed = {std::move(entry), CacheStatus::hit};
    boarded.lead->land(boarded.landed);
    boarded.lead.reset();
  }
  co_return std::move(boarded);
}

/// The meaning of a question as it would be kept; without a vector if nobody could tell it.
Task<cache::Entry> meaning_of(Turn turn) {
  cache::Entry question;
  question.scope = turn.plan.semantic->scope;
  Result<std::vector<float>> vector =
      co_await as_result(embed_question(turn.worker, turn.snapshot, turn.plan.semantic->text));
  if (vector) {
    question.vector = std::move(*vector);
  } else if (is_logged(LogLevel::debug)) {
    log(LogLevel::debug, "A question was not embedded: " + vector.error()->message);
  }
  co_return std::move(question);
}

/// A similar question's answer; null if there is none.
// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<EntryPtr> similar_answer(Turn turn, const cache::Entry& question) {
  const bool is_looked_for = turn.plan.refresh == exchange::CacheRefresh::no;
  if (question.vector.empty() || !is_looked_for) co_return EntryPtr();
  const auto threshold = static_cast<float>(turn.snapshot.settings().cache.semantic.threshold);
  cache::ResponseCache::Similar similar = co_await turn.cache.find_similar(
      question, threshold, turn.plan.max_age, turn.worker.shared().background);
  co_return std::move(similar.entry);
}

CacheStatus status_of_miss(const CachePlan& plan) {
  if (plan.refresh == exchange::CacheRefresh::forced) return CacheStatus::refresh;
  return plan.semantic ? CacheStatus::semantic_miss : CacheStatus::miss;
}

/// The same question's answer: kept, or brought by whoever asks right now.
// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<Boarded> same_answer(Turn turn, Exchange& exchange) {
  Boarded found;
  // Who wants a new answer takes nobody's, and keeps nobody waiting.
  if (turn.plan.refresh == exchange::CacheRefresh::forced) co_return std::move(found);
  found.landed.entry =
      co_await turn.cache.find(turn.plan.key, turn.plan.max_age, turn.worker.shared().background);
  if (found.landed.entry) co_return std::move(found);
  co_return co_await board(turn, exchange);
}

}  // namespace

attempt::AnswerPtr answer_at_hand(Worker& worker, const CachePlan& plan, Exchange& exchange) {
  if (plan.refresh == exchange::CacheRefresh::forced) return nullptr;
  cache::ResponseCache& cache = *worker.shared().cache;
  EntryPtr entry = cache.find_in_memory(plan.key);
  if (!entry || !entry->is_fresh(cache.clock().wall(), plan.max_age)) return nullptr;
  Result<attempt::AnswerPtr> answer = hit({std::move(entry), CacheStatus::hit}, plan, exchange);
  return answer ? std::move(*answer) : nullptr;
}

// NOLINTBEGIN(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<attempt::AnswerPtr> answer_from_cache_or(Worker& worker, const Snapshot& snapshot,
                                              CachePlan plan, Exchange& exchange,
                                              Task<attempt::AnswerPtr> ask) {
  // NOLINTEND(*-avoid-reference-coroutine-parameters)
  const Turn turn{worker, snapshot, plan, *worker.shared().cache};
  Boarded found = co_await same_answer(turn, exchange);
  if (found.landed.entry) {
    Result<attempt::AnswerPtr> known = hit(found.landed, plan, exchange);
    if (known) co_return std::move(known);  // fail-open: what cannot be told again is asked for
  }
  cache::Entry question;
  if (plan.semantic) {
    question = co_await meaning_of(turn);
    found.landed.entry = co_await similar_answer(turn, question);
    found.landed.status = CacheStatus::semantic_hit;
    if (found.landed.entry) {
      if (found.lead) found.lead->land(found.landed);
      Result<attempt::AnswerPtr> known = hit(found.landed, plan, exchange);
      if (known) co_return std::move(known);
    }
  }
  exchange.cache = status_of_miss(plan);
  Result<attempt::AnswerPtr> answer = co_await as_result(std::move(ask));
  if (!answer) {
    if (found.lead) found.lead->fail();
    co_return std::move(answer);
  }
  RecordTerms terms{turn.cache,           plan.key, plan.max_age, plan.form, std::move(question),
                    std::move(found.lead)};
  co_return recorded(std::move(*answer), std::move(terms),
                     snapshot.settings().cache.max_entry_bytes);
}

}  // namespace gatehouse::gateway
