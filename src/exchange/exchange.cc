#include "exchange/exchange.h"

#include <memory>
#include <utility>

namespace gatehouse::exchange {
namespace {

/// The memory of a text of usual length.
std::string memory_of(std::string& text) {
  constexpr std::size_t kWorthKeeping = 4096;
  if (text.capacity() > kWorthKeeping) return {};
  text.clear();
  return std::move(text);
}

}  // namespace

void Exchange::renew() {
  constexpr std::size_t kUsualAttempts = 4;
  std::string kept_id = memory_of(id);
  std::string kept_trace = memory_of(trace_id);
  std::string kept_answer = memory_of(response.text);
  attempts.clear();
  std::vector<AttemptRecord> kept_attempts;
  if (attempts.capacity() <= kUsualAttempts) kept_attempts = std::move(attempts);
  // Whatever fields there are: none is forgotten.
  std::destroy_at(this);
  std::construct_at(this);
  id = std::move(kept_id);
  trace_id = std::move(kept_trace);
  response.text = std::move(kept_answer);
  attempts = std::move(kept_attempts);
}

std::string_view name_of(Endpoint endpoint) {
  switch (endpoint) {
    case Endpoint::chat_complete: return "chatComplete";
    case Endpoint::complete: return "complete";
    case Endpoint::embed: return "embed";
    case Endpoint::moderate: return "moderate";
    case Endpoint::image_generate: return "imageGenerate";
    case Endpoint::image_edit: return "imageEdit";
    case Endpoint::create_speech: return "createSpeech";
    case Endpoint::create_transcription: return "createTranscription";
    case Endpoint::create_translation: return "createTranslation";
    case Endpoint::upload_file: return "uploadFile";
    case Endpoint::list_files: return "listFiles";
    case Endpoint::retrieve_file: return "retrieveFile";
    case Endpoint::delete_file: return "deleteFile";
    case Endpoint::retrieve_file_content: return "retrieveFileContent";
    case Endpoint::create_batch: return "createBatch";
    case Endpoint::list_batches: return "listBatches";
    case Endpoint::retrieve_batch: return "retrieveBatch";
    case Endpoint::cancel_batch: return "cancelBatch";
    case Endpoint::get_batch_output: return "getBatchOutput";
    case Endpoint::create_finetune: return "createFinetune";
    case Endpoint::list_finetunes: return "listFinetunes";
    case Endpoint::retrieve_finetune: return "retrieveFinetune";
    case Endpoint::cancel_finetune: return "cancelFinetune";
    case Endpoint::messages: return "messages";
    case Endpoint::messages_count_tokens: return "messagesCountTokens";
    case Endpoint::create_response: return "createModelResponse";
    case Endpoint::rerank: return "rerank";
    case Endpoint::list_models: return "listModels";
    case Endpoint::proxy: return "proxy";
  }
  return "proxy";
}

}  // namespace gatehouse::exchange
