// The response object of the protocol: a whole answer, or what a stream begins and ends with.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/dialect.h"
#include "dialects/json_writer.h"
#include "llm/reply.h"

namespace gatehouse::dialects::openai_responses {

/// One element of `output`.
struct OutputItem {
  enum class Kind : std::uint8_t { reasoning, message, refusal, call, image };
  Kind kind = Kind::message;
  std::string id;
  std::string text;  // thoughts, text, refusal, arguments, or the image's base64
  std::vector<llm::Citation> citations;
  std::vector<llm::TokenLogprob> logprobs;
  llm::Reasoning seal;  // signature and redacted thoughts alone
  std::string call_id;
  std::string name;
  llm::ToolKind tool_kind = llm::ToolKind::function;
  bool is_done = true;
};

/// "msg_<answer's id>_<index>", with the prefix that the kind has.
std::string item_id(OutputItem::Kind kind, llm::ToolKind tool_kind, std::string_view answer_id,
                    std::size_t index);

/// Writes response objects of one request.
class ResponseWriter {
 public:
  explicit ResponseWriter(const AnswerOptions& options);

  void set_answer(std::string_view id, std::string_view model, std::int64_t created);
  const std::string& id() const { return id_; }
  bool seals_thoughts() const { return seals_thoughts_; }

  struct State {
    std::string_view status;             // in_progress, completed, incomplete, failed
    std::string_view incomplete_reason;  // or empty
    const Error* error = nullptr;
    ErrorWords words;
    const std::vector<OutputItem>* items = nullptr;
    std::optional<llm::Usage> usage;
  };
  /// The object as a value.
  void write(JsonWriter& json, const State& state) const;
  void write_item(JsonWriter& json, const OutputItem& item) const;

 private:
  std::string id_;
  std::string model_;
  std::string provider_;
  std::int64_t created_ = 0;
  bool seals_thoughts_ = false;
  std::string echo_;  // members that repeat the request, as JSON text without the braces
};

/// The provider's word for an error, else ours.
std::string error_code(const Error& error, const ErrorWords& words);

/// The state that a finish reason comes to.
ResponseWriter::State state_of(const llm::Finish& finish);

/// An `output_text` or `refusal` part.
void write_part(JsonWriter& json, const OutputItem& item);
void write_citation(JsonWriter& json, const llm::Citation& citation);
void write_logprobs(JsonWriter& json, const std::vector<llm::TokenLogprob>& tokens);

}  // namespace gatehouse::dialects::openai_responses
