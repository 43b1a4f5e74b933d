// One try at one target: send, and wait for the head of the answer. Nothing here tries again.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "async/stream.h"
#include "async/task.h"
#include "http/client.h"
#include "http/content_coding.h"
#include "http/pool.h"
#include "providers/provider_row.h"
#include "providers/upstream_url.h"

namespace gatehouse::attempt {

/// Views that make one text together: nearly always a single one, which takes no memory.
class Pieces {
 public:
  void add(std::string_view piece) {
    if (first_.empty()) {
      first_ = piece;
    } else {
      if (all_.empty()) all_.push_back(first_);
      all_.push_back(piece);
    }
  }
  /// As long as this stays as it is, and where it is.
  std::span<const std::string_view> span() const {
    if (!all_.empty()) return all_;
    return {&first_, first_.empty() ? std::size_t{0} : std::size_t{1}};
  }

 private:
  std::string_view first_;
  std::vector<std::string_view> all_;  // as soon as there are two
};

/// What one try sends, and where. It stays, as do the bytes that its views show, until the answer's
/// head has come.
struct Outgoing {
  const providers::ProviderRow* row = nullptr;
  providers::UpstreamUrl url;
  const http::AddressPolicy* policy = nullptr;  // for hosts that a client chose
  std::string_view method = "POST";
  std::string_view path;  // below /v1, for providers inside the process
  http::FieldLines fields;
  Pieces body;
  std::optional<http::Stream<http::Chunk>> upload;  // instead of body
  std::optional<std::uint64_t> upload_length;
  http::CallTimeouts timeouts;
  http::Timeout own_timeout{};  // the part of them that the request asked for; 0: it did not
};

/// Whether the client asked for the usage of its stream, or the gateway did for the record alone.
enum class UsageWish : std::uint8_t { clients, ours };

/// Whether the answer is read here (so it must be decoded and counted) or only passed on.
enum class Reading : std::uint8_t { understood, passed_on };

/// What becomes of an answer on its way to the client.
struct AnswerPlan {
  UsageWish usage = UsageWish::clients;
  Reading reading = Reading::understood;
};

/// An answer whose head has come. Destroying it cancels the call.
struct Answer {
  int status = 0;
  http::FieldLines fields;  // what may be passed on: no hop-by-hop, length, coding or cookie fields
  std::string content_type;
  std::string content_encoding;         // as the field says
  std::optional<std::uint64_t> length;  // of the body as it comes
  http::Stream<http::Chunk> body;
  bool is_body_ready = false;
  bool is_told = false;  // its model, finish reason and usage are known without a look at it
  bool is_kept = false;  // given again: it says nothing of how the provider does
  AnswerPlan plan;       // set by whoever asked for it
};

/// Answers travel by pointer: each step that one passes through would move all of it.
using AnswerPtr = std::unique_ptr<Answer>;

/// An answer of 200 with this JSON text, all of it at hand.
AnswerPtr json_answer(std::string text);

/// Error: as http::fetch. A status of failure is no error here: the caller decides what it means.
async::Task<AnswerPtr> send(http::Pool& pool, Outgoing& outgoing);

/// Answers from inside the process, for rows that run there (the demo).
async::Task<AnswerPtr> answer_in_process(Outgoing& outgoing);

}  // namespace gatehouse::attempt
