// What a client has got of a streamed answer so far, as far as another target would have to know
// it.
#pragma once

#include <string>

#include "routing/event_meaning.h"

namespace gatehouse::routing {

class Transcript {
 public:
  /// Longer answers are not taken up by another target.
  static constexpr std::size_t kLongest = 1024 * 1024;

  void note(const EventMeaning& meaning) {
    if (id_.empty()) id_ = meaning.id;
    is_finished_ = is_finished_ || meaning.is_finish;
    is_done_ = is_done_ || meaning.is_done;
    is_plain_ = is_plain_ && (meaning.is_plain || !meaning.is_semantic);
    if (is_plain_ && text_.size() <= kLongest) text_.append(meaning.text);
  }

  const std::string& text() const { return text_; }
  /// The raw JSON of the first chunk's id.
  const std::string& id() const { return id_; }
  bool is_finished() const { return is_finished_; }
  bool is_done() const { return is_done_; }
  /// Only text, and not too much of it: a half tool call cannot be taken up.
  bool can_be_continued() const { return is_plain_ && text_.size() <= kLongest; }

 private:
  std::string text_;
  std::string id_;
  bool is_finished_ = false;
  bool is_done_ = false;
  bool is_plain_ = true;
};

}  // namespace gatehouse::routing
