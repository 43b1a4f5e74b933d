#include "dialects/openai_chat/quirks.h"

#include <algorithm>

namespace gatehouse::dialects {
namespace {

using json::Member;
using json::ObjectPatch;

constexpr std::string_view kDeveloper = "\"developer\"";
constexpr std::string_view kAskForUsage = R"({"include_usage":true})";

/// Whether the word stands in the text, quotes and all. Looked for by its rarest letter.
bool names_developer(std::string_view text) {
  constexpr std::size_t kPlace = kDeveloper.find('v');
  std::size_t at = text.find('v', kPlace);
  while (at != std::string_view::npos) {
    if (text.substr(at - kPlace, kDeveloper.size()) == kDeveloper) return true;
    at = text.find('v', at + 1);
  }
  return false;
}

/// One body on its way from the client's form to the provider's. Each method is one word of the
/// vocabulary of llm/quirks.h, or one wish.
class BodyFitting {
 public:
  BodyFitting(const llm::Quirks& quirks, std::string_view body, const std::vector<Member>& members)
      : quirks_(quirks), members_(members), patch_(body, members) {}

  void drop() {
    for (const std::string_view key : quirks_.drop) {
      if (json::find(members_, key) == nullptr) continue;
      patch_.remove(key);
      dropped_.emplace_back(key);
    }
  }

  // A null in the place of `from` is no wish that could win over `to`.
  void rename() {
    for (const auto& [from, to] : quirks_.rename) {
      const Member* member = json::find(members_, from);
      if (member == nullptr) continue;
      const bool has_both = json::find(members_, to) != nullptr;
      if (has_both && member->value == "null") {
        patch_.remove(from);
        continue;
      }
      if (has_both) patch_.remove(to);
      patch_.rename(from, to);
    }
  }

  void map_values() {
    for (const auto& [key, from, to] : quirks_.values) {
      const Member* member = json::find(members_, key);
      if (member == nullptr || member->value != from) continue;
      if (to.empty()) {
        patch_.remove(key);
      } else {
        patch_.set(key, to);
      }
    }
  }

  void fill_defaults() {
    for (const auto& [key, value] : quirks_.defaults) {
      if (json::find(members_, key) == nullptr) patch_.set(key, value);
    }
  }

  void fit_messages() {
    const Member* messages = json::find(members_, "messages");
    if (messages == nullptr || !messages->is_array() || !concerns(messages->value)) return;
    const Result<std::vector<std::string_view>> elements = json::scan_array(messages->value);
    if (!elements) return;
    for (const std::string_view element : *elements) fit_message(element);
  }

  void set_model(std::string_view model) {
    if (model.empty()) return;
    const Member* member = json::find(members_, "model");
    const bool is_there = member != nullptr && member->is_string() &&
                          member->value.substr(1, member->value.size() - 2) == model;
    if (!is_there) patch_.set("model", json::quote(model));
  }

  UsageChunk ask_for_usage() {
    const Member* stream = json::find(members_, "stream");
    if (stream == nullptr || !stream->is_true()) return UsageChunk::forward;
    const Member* options = json::find(members_, "stream_options");
    if (options == nullptr || options->value == "null") {
      patch_.set("stream_options", kAskForUsage);
      return UsageChunk::hide;
    }
    const auto inner = json::scan_object(options->value);
    if (!inner) return UsageChunk::forward;
    const Member* asked = json::find(*inner, "include_usage");
    if (asked != nullptr && asked->is_true()) return UsageChunk::forward;
    ObjectPatch with_usage(options->value, *inner);
    with_usage.set("include_usage", "true");
    patch_.set("stream_options", json::apply_edits(options->value, with_usage.edits()));
    return UsageChunk::hide;
  }

  AdaptedBody result(UsageChunk usage_chunk) {
    return {patch_.edits(), usage_chunk, std::move(dropped_)};
  }

 private:
  bool lowers_developer() const {
    return quirks_.developer_role == llm::DeveloperRole::becomes_system;
  }

  /// Whether any message can need a change. Few do.
  bool concerns(std::string_view messages) const {
    if (lowers_developer() && names_developer(messages)) return true;
    return std::any_of(quirks_.drop_in_messages.begin(), quirks_.drop_in_messages.end(),
                       [&](std::string_view key) {
                         return messages.find(json::quote(key)) != std::string_view::npos;
                       });
  }

  void fit_message(std::string_view message) {
    const auto members = json::scan_object(message);
    if (!members) return;
    ObjectPatch inner(message, *members);
    const Member* role = json::find(*members, "role");
    if (lowers_developer() && role != nullptr && role->value == kDeveloper) {
      inner.set("role", "\"system\"");
    }
    for (const std::string_view key : quirks_.drop_in_messages) inner.remove(key);
    for (const json::Edit& edit : inner.edits()) {
      patch_.splice(message.substr(edit.offset, edit.length), edit.replacement);
    }
  }

  const llm::Quirks& quirks_;
  const std::vector<Member>& members_;
  ObjectPatch patch_;
  std::vector<std::string> dropped_;
};

bool streams_usage(llm::Capability endpoint) {
  return endpoint == llm::Capability::chat || endpoint == llm::Capability::complete;
}

}  // namespace

AdaptedBody adapt_body(const llm::Quirks& quirks, std::string_view body,
                       const std::vector<json::Member>& members, const BodyWishes& wishes) {
  BodyFitting fitting(quirks, body, members);
  fitting.drop();
  fitting.rename();
  fitting.map_values();
  fitting.fill_defaults();
  fitting.fit_messages();
  fitting.set_model(wishes.model);
  const bool asks = wishes.usage == UsageWish::ask && streams_usage(wishes.endpoint) &&
                    quirks.stream_usage == llm::StreamUsage::on_request;
  return fitting.result(asks ? fitting.ask_for_usage() : UsageChunk::forward);
}

}  // namespace gatehouse::dialects
