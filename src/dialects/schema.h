// JSON Schema, cut to what a provider takes. Each function works on its own copy: the call may be
// sent to another provider next. Text that is no JSON object comes back as the schema of an empty
// object.
#pragma once

#include <string>
#include <string_view>

namespace gatehouse::dialects {

/// What `Tool::schema` says, as a schema whose type is object: providers insist on it.
std::string object_schema(std::string_view schema);

/// For outputs that a provider enforces by a grammar (Anthropic, Bedrock): every object is closed
/// by `additionalProperties: false`, and limits that the grammar does not know (minimum, maxLength,
/// …) move into the description, where the model still reads them.
std::string closed_schema(std::string_view schema);

/// The subset of OpenAPI 3.0 that Gemini's `parameters` and `responseSchema` take: references
/// inlined, null as `nullable`, `const` as `enum`, and no member that it refuses.
std::string openapi_schema(std::string_view schema);

}  // namespace gatehouse::dialects
