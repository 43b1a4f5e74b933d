#include "dialects/endpoint.h"

#include "dialects/endpoints/count_tokens.h"
#include "dialects/endpoints/embed.h"
#include "dialects/endpoints/images.h"
#include "dialects/endpoints/lists.h"
#include "dialects/endpoints/rerank.h"

namespace gatehouse::dialects {
namespace {

using namespace endpoints;
using llm::DialectId;

const EndpointDoor* gemini_door(EndpointKind kind, Host host) {
  static const GeminiEmbeddings kEmbeddings;
  static const VertexEmbeddings kVertexEmbeddings;
  static const GoogleImages kImages;
  static const ModelList kModels("/models?pageSize=1000", "models", "name");
  static const GeminiCount kCount;
  const bool is_own = host == Host::own;
  switch (kind) {
    case EndpointKind::embeddings:
      if (is_own) return &kEmbeddings;
      return &kVertexEmbeddings;
    case EndpointKind::images: return &kImages;
    case EndpointKind::models: return is_own ? &kModels : nullptr;
    case EndpointKind::count_tokens: return &kCount;
    case EndpointKind::rerank: break;
  }
  return nullptr;
}

const EndpointDoor* bedrock_door(EndpointKind kind) {
  static const BedrockEmbeddings kEmbeddings;
  static const BedrockImages kImages;
  static const CohereRerank kRerank;
  static const BedrockCount kCount;
  switch (kind) {
    case EndpointKind::embeddings: return &kEmbeddings;
    case EndpointKind::images: return &kImages;
    case EndpointKind::rerank: return &kRerank;
    case EndpointKind::count_tokens: return &kCount;
    case EndpointKind::models: break;
  }
  return nullptr;
}

const EndpointDoor* cohere_door(EndpointKind kind) {
  static const CohereEmbeddings kEmbeddings;
  static const CohereRerank kRerank;
  static const ModelList kModels("/v1/models?page_size=1000", "models", "name");
  static const EstimatedCount kCount;
  switch (kind) {
    case EndpointKind::embeddings: return &kEmbeddings;
    case EndpointKind::rerank: return &kRerank;
    case EndpointKind::models: return &kModels;
    case EndpointKind::count_tokens: return &kCount;
    case EndpointKind::images: break;
  }
  return nullptr;
}

const EndpointDoor* claude_door(EndpointKind kind, Host host) {
  static const ModelList kModels("/models?limit=1000", "data", "id");
  static const VertexClaudeCount kVertexCount;
  static const BedrockCount kBedrockCount;
  if (host == Host::own) return kind == EndpointKind::models ? &kModels : nullptr;
  if (kind != EndpointKind::count_tokens) return nullptr;
  if (host == Host::vertex) return &kVertexCount;
  return &kBedrockCount;
}

}  // namespace

const EndpointDoor* endpoint_door(EndpointKind kind, DialectId dialect, Host host) {
  static const EstimatedCount kCount;
  switch (dialect) {
    case DialectId::gemini: return gemini_door(kind, host);
    case DialectId::bedrock_converse: return bedrock_door(kind);
    case DialectId::cohere: return cohere_door(kind);
    case DialectId::anthropic_messages: return claude_door(kind, host);
    case DialectId::openai_chat:
    case DialectId::openai_responses: break;
  }
  return kind == EndpointKind::count_tokens ? &kCount : nullptr;
}

}  // namespace gatehouse::dialects
