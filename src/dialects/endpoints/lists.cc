#include "dialects/endpoints/lists.h"

#include "dialects/endpoints/answers.h"
#include "dialects/json_reader.h"
#include "dialects/json_writer.h"

namespace gatehouse::dialects::endpoints {

Result<std::vector<EncodedRequest>> ModelList::encode(const EndpointAsk&) const {
  return one_request(std::string(path_), {});
}

Result<EndpointReply> ModelList::decode(const EndpointAsk& ask,
                                        std::span<const std::string> answers) const {
  const Result<std::vector<json::Value>> parsed = parse_answers(ask, answers);
  if (!parsed) return fail(parsed.error());
  const json::Value* models = json::find(parsed->front(), list_);
  if (models == nullptr || !models->is_array()) return malformed(ask, answers.front());
  EndpointReply reply;
  JsonWriter json(reply.body);
  json.open().text("object", "list").open_list("data");
  for (const json::Value& model : models->get_array()) {
    constexpr std::string_view kPrefix = "models/";
    std::string_view id = text_at(model, name_);
    if (id.starts_with(kPrefix)) id.remove_prefix(kPrefix.size());
    if (id.empty()) continue;
    json.open().text("id", id).text("object", "model").integer("created", 0);
    json.text("owned_by", ask.provider).close();
  }
  json.close_list().text("provider", ask.provider).close();
  return reply;
}

}  // namespace gatehouse::dialects::endpoints
