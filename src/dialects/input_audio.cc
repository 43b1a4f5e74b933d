#include "dialects/input_audio.h"

#include "dialects/media.h"

namespace gatehouse::dialects {

llm::Audio decode_input_audio(Fields& part) {
  const json::Object* object = part.object("input_audio");
  if (object == nullptr) {
    part.report("input_audio", "an object with 'data' and 'format'");
    return {};
  }
  Fields fields(*object, part.path_of("input_audio."), part.problems());
  llm::Audio audio;
  audio.format = fields.text("format");
  audio.source = media_of_file_data(fields.text("data"), audio_type_of_format(audio.format));
  return audio;
}

}  // namespace gatehouse::dialects
