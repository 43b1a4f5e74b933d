// What a provider can be asked for: the kinds of endpoints, by the words of the OpenAI API.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace gatehouse::llm {

enum class Capability : std::uint8_t {
  chat,           // POST /chat/completions
  complete,       // POST /completions
  embed,          // POST /embeddings
  moderate,       // POST /moderations
  image,          // POST /images/generations
  image_edit,     // POST /images/edits
  speech,         // POST /audio/speech
  transcription,  // POST /audio/transcriptions
  translation,    // POST /audio/translations
  files,          // /files...
  batches,        // /batches...
  finetune,       // /fine_tuning/jobs...
  models,         // GET /models...
  rerank,         // POST /rerank
  responses,      // /responses...
  messages,       // POST /messages
  realtime,       // GET /realtime, upgraded
};
inline constexpr unsigned kCapabilityCount = 17;

/// As it stands in messages: "chat", "image_edit".
std::string_view name_of(Capability capability);

/// Where the OpenAI API has it, behind the version: "/chat/completions".
std::string_view path_of(Capability capability);

/// A set of capabilities.
class Capabilities {
 public:
  constexpr Capabilities() = default;
  constexpr Capabilities(std::initializer_list<Capability> list) {
    for (const Capability one : list) bits_ |= bit(one);
  }
  static constexpr Capabilities all() {
    Capabilities everything;
    everything.bits_ = (1U << kCapabilityCount) - 1;
    return everything;
  }

  constexpr bool has(Capability one) const { return (bits_ & bit(one)) != 0; }
  constexpr bool is_empty() const { return bits_ == 0; }
  friend constexpr bool operator==(Capabilities, Capabilities) = default;

 private:
  static constexpr std::uint32_t bit(Capability one) { return 1U << static_cast<unsigned>(one); }

  std::uint32_t bits_ = 0;
};

}  // namespace gatehouse::llm
