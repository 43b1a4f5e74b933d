// Whose model a Bedrock model is: what a request may hold beyond the common part depends on it.
#pragma once

#include <cstdint>
#include <string_view>

namespace gatehouse::dialects::bedrock_converse {

enum class Family : std::uint8_t { amazon, anthropic, ai21, cohere, mistral, openai, other };

/// From "us.anthropic.claude-…-v1:0" or an ARN that ends in such an id. An inference profile's ARN
/// tells nothing: `other`.
Family family_of(std::string_view model);

}  // namespace gatehouse::dialects::bedrock_converse
