// How the answers to one call look: as a document, or as a stream of its endpoint's dialect. Kept
// is the document; this is the way from a passing answer to it, and from it to the client.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "dialects/dialect.h"
#include "exchange/exchange.h"
#include "gateway/read_request.h"
#include "gateway/respond.h"
#include "gateway/translate.h"

namespace gatehouse::gateway {

struct AnswerForm {
  Endpoint endpoint = Endpoint::chat_complete;
  exchange::Streaming streaming = exchange::Streaming::no;
  bool tells_usage = false;  // in the stream: to the client, or to the meter alone
  std::optional<llm::DialectId> dialect;
  std::unique_ptr<const llm::Call> call;  // what was asked, of a stream of a dialect; else null
  std::string provider;
  std::string model;
  std::string id;
  std::int64_t created = 0;  // now, in seconds since 1970
  dialects::Compliance compliance = dialects::Compliance::strict;

  bool is_stream() const { return streaming == exchange::Streaming::yes; }
};

/// Null if the request cannot be read well enough to make a stream of a document.
std::shared_ptr<const AnswerForm> answer_form_of(const Asked& asked, const AnswerPlan& plan,
                                                 const TranslationContext& context,
                                                 const providers::ProviderRow& row);

/// Whether a document of this form is an answer that may be given again.
bool is_fit(const AnswerForm& form, std::string_view document);

/// A kept document as the stream that the client wants. Error: store, if it cannot be read.
struct Retold {
  std::string text;
  std::optional<llm::Usage> usage;  // also if the stream does not tell it
};
Result<Retold> retold_as_stream(const AnswerForm& form, std::string_view document);

/// How a stream ended: by itself, or because its client left. A client may leave behind the last
/// word, and then has a whole answer.
enum class StreamEnd : std::uint8_t { reached, left };

/// Makes a document of an answer's bytes as they pass. One answer, one thread.
class AnswerCollector {
 public:
  virtual ~AnswerCollector() = default;
  virtual void see(std::string_view bytes) = 0;
  /// The document, if what was seen is a whole answer that may be given again. Call once.
  virtual std::optional<std::string> take(StreamEnd end) = 0;
};

/// Null for a content type that this form does not have. `form` outlives the collector. It never
/// holds much more than `limit` bytes: beyond them the answer is not one to keep.
std::unique_ptr<AnswerCollector> make_collector(const AnswerForm& form,
                                                std::string_view content_type, std::size_t limit);

}  // namespace gatehouse::gateway
