// GET /models: every provider's list of models in OpenAI's shape.
#pragma once

#include "dialects/endpoint.h"

namespace gatehouse::dialects::endpoints {

class ModelList final : public EndpointDoor {
 public:
  /// `path` is where the provider has its list, `list` the member that holds the models, `name`
  /// the member of a model that is its id.
  constexpr ModelList(std::string_view path, std::string_view list, std::string_view name)
      : path_(path), list_(list), name_(name) {}

  Result<std::vector<EncodedRequest>> encode(const EndpointAsk& ask) const override;
  Result<EndpointReply> decode(const EndpointAsk& ask,
                               std::span<const std::string> answers) const override;

 private:
  std::string_view path_;
  std::string_view list_;
  std::string_view name_;
};

}  // namespace gatehouse::dialects::endpoints
