#include "base/percent.h"
#include "base/text.h"
#include "dialects/gemini/encode_config.h"
#include "dialects/gemini/encode_content.h"
#include "dialects/gemini/encode_tools.h"
#include "dialects/gemini/gemini.h"
#include "dialects/tools_in_play.h"
#include "dialects/utf8.h"

namespace gatehouse::dialects {
namespace gemini {
namespace {

constexpr std::size_t kMaxLabelBytes = 63;

std::string path_of(const llm::Call& call, const EncodeTarget& target) {
  std::string_view model = target.model;
  std::string path = "/models/";
  if (target.host == Host::vertex) path = "/publishers/google/models/";
  if (model.starts_with("models/")) model.remove_prefix(7);
  if (model.starts_with("tunedModels/")) path = "/";
  path += percent_encoded(model, "/@");
  return path + (call.stream.is_wanted ? ":streamGenerateContent?alt=sse" : ":generateContent");
}

/// Vertex keeps labels with a request, for the bill: lower-case letters, digits, `_` and `-`.
void write_user(JsonWriter& json, const llm::Call& call, const EncodeTarget& target,
                EncodeLedger& ledger) {
  const std::string_view labels = ledger.extension("labels");
  if (target.host == Host::vertex && !labels.empty()) {
    json.raw("labels", labels);
    if (!call.user.empty()) ledger.drop("user");
  } else if (target.host == Host::vertex && !call.user.empty()) {
    const std::string label = plain_id(lowered(start_of(call.user, kMaxLabelBytes)));
    json.open("labels").text("user", label).close();
  } else if (!call.user.empty()) {
    ledger.drop("user");
  }
}

/// Members that clients send for Gemini alone, in either spelling.
void write_extensions(JsonWriter& json, EncodeLedger& ledger) {
  const auto pass = [&](std::string_view snake, std::string_view camel) {
    const std::string_view given = ledger.extension(snake);
    const std::string_view own = ledger.extension(camel);
    json.raw_if_any(camel, own.empty() ? given : own);
  };
  pass("safety_settings", "safetySettings");
  pass("cached_content", "cachedContent");
}

void account(const llm::Call& call, EncodeLedger& ledger) {
  account_for_foreign_blocks(call, llm::DialectId::gemini, ledger);
  refuse_logit_bias(call, ledger);
  drop_openai_only(call, ledger);
  if (!call.metadata.empty()) ledger.drop("metadata");
  if (!call.service_tier.empty()) ledger.drop("service_tier");
  if (!call.safety_identifier.empty()) ledger.drop("safety_identifier");
}

}  // namespace
}  // namespace gemini

Result<EncodedRequest> GeminiBackDoor::encode_request(const llm::Call& call,
                                                      const EncodeTarget& target) const {
  using namespace gemini;
  EncodeLedger ledger(call, target);
  account(call, ledger);
  const ModelTraits& traits = traits_of(target.model);
  EncodedRequest request;
  request.path = path_of(call, target);
  JsonWriter json(request.body);
  json.open();
  write_system(json, system_blocks(call));
  write_contents(json, call, traits, ledger);
  write_tools(json, call, traits, ledger);
  write_generation_config(json, call, traits, ledger);
  write_extensions(json, ledger);
  write_user(json, call, target, ledger);
  json.close();
  if (needs_json_tool(call, traits)) request.hints.json_tool = kJsonTool;
  request.hints.custom_tools = custom_tool_names(call);
  ledger.drop_unknown();
  return ledger.close(std::move(request));
}

bool GeminiBackDoor::takes_url(std::string_view url) const {
  for (const std::string_view place :
       {"gs://", "https://generativelanguage.googleapis.com/", "https://www.youtube.com/",
        "https://youtube.com/", "https://youtu.be/"}) {
    if (url.starts_with(place)) return true;
  }
  return false;
}

}  // namespace gatehouse::dialects
