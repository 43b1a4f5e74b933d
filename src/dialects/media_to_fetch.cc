#include "dialects/dialect.h"

namespace gatehouse::dialects {
namespace {

llm::Media* media_of(llm::Block& block) {
  if (auto* image = std::get_if<llm::Image>(&block.content)) return &image->source;
  if (auto* audio = std::get_if<llm::Audio>(&block.content)) return &audio->source;
  if (auto* file = std::get_if<llm::File>(&block.content)) return &file->source;
  return nullptr;
}

void collect(std::vector<llm::Block>& blocks, const BackDoor& door,
             std::vector<llm::Media*>& found) {
  for (llm::Block& block : blocks) {
    llm::Media* media = media_of(block);
    if (media != nullptr && media->kind == llm::Media::Kind::url && !door.takes_url(media->value)) {
      found.push_back(media);
    }
    if (auto* result = std::get_if<llm::ToolResult>(&block.content))
      collect(result->content, door, found);
  }
}

}  // namespace

std::vector<llm::Media*> media_to_fetch(llm::Call& call, const BackDoor& door) {
  std::vector<llm::Media*> found;
  for (llm::Message& message : call.messages) collect(message.blocks, door, found);
  return found;
}

}  // namespace gatehouse::dialects
