// POST /embeddings of the OpenAI API, which every provider's embeddings are put into.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dialects/endpoint.h"
#include "json/value.h"

namespace gatehouse::dialects::endpoints {

/// What was asked for. `whole` has the members that one provider knows (`input_type`, `task_type`).
struct EmbedAsk {
  json::Value whole;
  std::vector<std::string> texts;
  std::optional<std::int64_t> dimensions;
  bool is_base64 = false;

  /// The first of these members that is a text; empty if none is.
  std::string_view said(std::initializer_list<std::string_view> names) const;
};

/// Error: invalid_request, for no input and for tokens, which only OpenAI can read.
Result<EmbedAsk> read_embed(const EndpointAsk& ask);

/// The answer in the OpenAI shape. `vectors` are arrays of numbers.
Result<EndpointReply> write_embeddings(const EndpointAsk& ask,
                                       const std::vector<const json::Array*>& vectors,
                                       std::optional<std::int64_t> tokens);

}  // namespace gatehouse::dialects::endpoints
