#include "gateway/route.h"

#include <array>

namespace gatehouse::gateway {
namespace {

struct RouteRow {
  std::string_view method;
  std::string_view pattern;  // `*` stands for one segment
  Endpoint endpoint;
  Capability capability;
  BodyKind body;
};

using enum BodyKind;

constexpr std::array kRoutes = {
    RouteRow{"POST", "/v1/chat/completions", Endpoint::chat_complete, Capability::chat, json},
    RouteRow{"POST", "/v1/embeddings", Endpoint::embed, Capability::embed, json},
    RouteRow{"POST", "/v1/completions", Endpoint::complete, Capability::complete, json},
    RouteRow{"POST", "/v1/messages", Endpoint::messages, Capability::messages, json},
    RouteRow{"POST", "/v1/messages/count_tokens", Endpoint::messages_count_tokens,
             Capability::messages, json},
    RouteRow{"POST", "/v1/responses", Endpoint::create_response, Capability::responses, json},
    RouteRow{"POST", "/v1/moderations", Endpoint::moderate, Capability::moderate, json},
    RouteRow{"POST", "/v1/rerank", Endpoint::rerank, Capability::rerank, json},
    RouteRow{"POST", "/v1/images/generations", Endpoint::image_generate, Capability::image, json},
    RouteRow{"POST", "/v1/images/edits", Endpoint::image_edit, Capability::image_edit, multipart},
    RouteRow{"POST", "/v1/audio/speech", Endpoint::create_speech, Capability::speech, json},
    RouteRow{"POST", "/v1/audio/transcriptions", Endpoint::create_transcription,
             Capability::transcription, multipart},
    RouteRow{"POST", "/v1/audio/translations", Endpoint::create_translation,
             Capability::translation, multipart},
    RouteRow{"POST", "/v1/files", Endpoint::upload_file, Capability::files, upload},
    RouteRow{"GET", "/v1/files", Endpoint::list_files, Capability::files, none},
    RouteRow{"GET", "/v1/files/*", Endpoint::retrieve_file, Capability::files, none},
    RouteRow{"DELETE", "/v1/files/*", Endpoint::delete_file, Capability::files, none},
    RouteRow{"GET", "/v1/files/*/content", Endpoint::retrieve_file_content, Capability::files,
             none},
    RouteRow{"POST", "/v1/batches", Endpoint::create_batch, Capability::batches, json},
    RouteRow{"GET", "/v1/batches", Endpoint::list_batches, Capability::batches, none},
    RouteRow{"GET", "/v1/batches/*", Endpoint::retrieve_batch, Capability::batches, none},
    RouteRow{"POST", "/v1/batches/*/cancel", Endpoint::cancel_batch, Capability::batches, none},
    RouteRow{"GET", "/v1/batches/*/output", Endpoint::get_batch_output, Capability::batches, none},
    RouteRow{"POST", "/v1/fine_tuning/jobs", Endpoint::create_finetune, Capability::finetune, json},
    RouteRow{"GET", "/v1/fine_tuning/jobs", Endpoint::list_finetunes, Capability::finetune, none},
    RouteRow{"GET", "/v1/fine_tuning/jobs/*", Endpoint::retrieve_finetune, Capability::finetune,
             none},
    RouteRow{"POST", "/v1/fine_tuning/jobs/*/cancel", Endpoint::cancel_finetune,
             Capability::finetune, none},
    RouteRow{"GET", "/v1/models", Endpoint::list_models, Capability::models, none},
};

bool matches(std::string_view pattern, std::string_view path) {
  while (!pattern.empty()) {
    if (pattern.front() == '*') {
      const std::size_t end = path.find('/');
      if (path.empty() || end == 0) return false;
      path.remove_prefix(end == std::string_view::npos ? path.size() : end);
      pattern.remove_prefix(1);
    } else {
      if (path.empty() || path.front() != pattern.front()) return false;
      path.remove_prefix(1);
      pattern.remove_prefix(1);
    }
  }
  return path.empty();
}

}  // namespace

std::optional<Route> route_of(std::string_view method, std::string_view path) {
  if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  for (const RouteRow& row : kRoutes) {
    const bool fits = row.pattern == path || matches(row.pattern, path);
    if (fits && row.method == method) {
      return Route{row.endpoint, row.capability, row.body, RouteKind::unified};
    }
  }
  if (!path.starts_with("/v1/")) return std::nullopt;
  return Route{};
}

}  // namespace gatehouse::gateway
