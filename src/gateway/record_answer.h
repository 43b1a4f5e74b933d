// Keeps an answer while it passes, for whoever asks the same again.
#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include "attempt/attempt.h"
#include "cache/response_cache.h"
#include "gateway/answer_form.h"

namespace gatehouse::gateway {

struct RecordTerms {
  cache::ResponseCache& cache;
  cache::Key key;
  std::chrono::seconds max_age{};
  std::shared_ptr<const AnswerForm> form;
  cache::Entry question;            // its scope and vector, if it has one
  std::optional<cache::Lead> lead;  // whoever waits for this answer
};

/// The same answer, recorded as it is read: kept when it is whole, which is also so when a client
/// leaves behind its last word; otherwise whoever waits for it is told to go on without. Of a
/// compressed answer the body is decoded. No more than `limit` bytes are kept.
attempt::AnswerPtr recorded(attempt::AnswerPtr answer, RecordTerms terms, std::size_t limit);

}  // namespace gatehouse::gateway
