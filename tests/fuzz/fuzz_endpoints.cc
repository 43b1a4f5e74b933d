// Endpoints beside chat: what a client asks and what a provider answers, both hostile. The first
// byte chooses the kind, the second the dialect; a line break parts the request from the answer.
#include "dialects/endpoint.h"
#include "tests/fuzz/dialect_doors.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace gatehouse;
  using dialects::EndpointKind;
  if (size < 2) return 0;
  constexpr std::array kKinds = {EndpointKind::embeddings, EndpointKind::rerank,
                                 EndpointKind::images, EndpointKind::models,
                                 EndpointKind::count_tokens};
  constexpr std::array<std::string_view, 4> kModels = {"cohere.m", "amazon.titan-embed-m",
                                                       "amazon.nova-canvas", "imagen"};
  const EndpointKind kind = kKinds[bytes[0] % kKinds.size()];
  const std::string_view text(reinterpret_cast<const char*>(bytes) + 2, size - 2);
  const std::size_t line = std::min(text.find('\n'), text.size());
  const std::string answer(text.substr(std::min(line + 1, text.size())));
  for (const auto host : {dialects::Host::own, dialects::Host::vertex, dialects::Host::bedrock}) {
    const dialects::EndpointDoor* door =
        dialects::endpoint_door(kind, fuzzing::dialect_of(bytes[1]), host);
    if (door == nullptr) continue;
    for (const std::string_view model : kModels) {
      const dialects::EndpointAsk ask{text.substr(0, line), model, "p", host, 1};
      const auto requests = door->encode(ask);
      if (!requests) continue;
      for (const auto& request : *requests) {
        if (!request.body.empty()) fuzzing::expect_json(request.body);
      }
      const std::vector<std::string> answers(requests->size(), answer);
      if (const auto reply = door->decode(ask, answers)) fuzzing::expect_json(reply->body);
    }
  }
  return 0;
}
