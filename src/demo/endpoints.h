// The demo's endpoints beside chat, each as the OpenAI API has it.
#pragma once

#include "demo/answer.h"
#include "demo/refusal.h"

namespace gatehouse::demo {

Outcome<Answer> answer_completion(const Request& request);     // POST /completions
Outcome<Answer> answer_embeddings(const Request& request);     // POST /embeddings
Outcome<Answer> answer_moderations(const Request& request);    // POST /moderations
Outcome<Answer> answer_image(const Request& request);          // POST /images/generations
Outcome<Answer> answer_speech(const Request& request);         // POST /audio/speech
Outcome<Answer> answer_transcription(const Request& request);  // POST /audio/transcriptions
Outcome<Answer> answer_models(const Request& request);         // GET /models, /models/{name}

}  // namespace gatehouse::demo
