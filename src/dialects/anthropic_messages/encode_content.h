// Content blocks in the Messages protocol, for the provider.
#pragma once

#include "dialects/encode_ledger.h"
#include "dialects/json_writer.h"
#include "dialects/turns.h"

namespace gatehouse::dialects::anthropic_messages {

/// The `cache_control` member, if the block or tool has one.
void write_cache_control(JsonWriter& json, const std::optional<llm::CacheControl>& cache);

/// Writes the blocks of turns, and remembers what the request's headers must say because of them.
class ContentWriter {
 public:
  ContentWriter(JsonWriter& json, EncodeLedger& ledger) : json_(json), ledger_(ledger) {}

  /// The `system` member, left out when there is nothing to say.
  void write_system(const std::vector<const llm::Block*>& blocks);
  /// The `messages` member.
  void write_messages(const std::vector<Turn>& turns);
  bool uses_files() const { return uses_files_; }

 private:
  void write_turn(const Turn& turn, std::string_view last_text);
  void write_block(const llm::Block& block);
  void write_text(std::string_view text, const std::optional<llm::CacheControl>& cache);
  void write_media(const llm::Media& source, std::string_view title,
                   const std::optional<llm::CacheControl>& cache);
  void write_source(const llm::Media& source);
  void write_call(const llm::ToolCall& call, const std::optional<llm::CacheControl>& cache);
  void write_result(const llm::ToolResult& result, const std::optional<llm::CacheControl>& cache);
  void write_reasoning(const llm::Reasoning& reasoning);

  JsonWriter& json_;
  EncodeLedger& ledger_;
  bool uses_files_ = false;
};

}  // namespace gatehouse::dialects::anthropic_messages
