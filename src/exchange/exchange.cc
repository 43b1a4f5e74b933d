#include "exchange/exchange.h"

namespace gatehouse::exchange {

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
