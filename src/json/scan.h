// Reading the top level of a JSON object without building it: what routing needs (model, stream)
// and where it stands in the text, so that a few bytes can be replaced and all others stay
// untouched.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace gatehouse::json {

/// One member of an object, as it stands in the text that was scanned. Views into that text.
struct Member {
  std::string_view key;          // between the quotes, escapes as written
  std::string_view value;        // the raw value: `"gpt-4o"` with its quotes, `true`, `{...}`
  std::size_t key_offset = 0;    // of the opening quote of the key
  std::size_t value_offset = 0;  // of the first byte of the value
  bool is_key_escaped = false;   // a backslash stands in it

  bool is_string() const { return !value.empty() && value.front() == '"'; }
  bool is_object() const { return !value.empty() && value.front() == '{'; }
  bool is_array() const { return !value.empty() && value.front() == '['; }
  /// `true`; anything else, wrong types too, is not.
  bool is_true() const { return value == "true"; }
  /// Whether the key means `name`, also where it is written with escapes ("mod\u0065l").
  bool has_key(std::string_view name) const { return is_key_escaped ? means(name) : key == name; }

 private:
  bool means(std::string_view name) const;
};

/// The members of the object that is `text`, in order; also of a nested one (a Member::value;
/// offsets then count from its start). Not a byte outside `text` is read. Checked are: UTF-8,
/// closed strings, everything at the top level (keys, separators, numbers, literals, nothing behind
/// the object), and that brackets match at any depth. What lies deeper is not checked further, nor
/// are the escapes of strings: whoever reads those does that. Error: invalid_request, saying where
/// and what. Thread-safe; no recursion.
Result<std::vector<Member>> scan_object(std::string_view text);

/// The raw elements of the array that is `text`, in order: views into it, so that an element's
/// offset is `element.data() - text.data()`. Checks, errors and threads as scan_object.
Result<std::vector<std::string_view>> scan_array(std::string_view text);

/// The last member with this key, or nullptr. The last, because a key that stands twice means to
/// nearly every reader what stands last (RFC 8259, section 4): we must see what the provider sees.
const Member* find(const std::vector<Member>& members, std::string_view key);

/// The text of a string value with escapes resolved. Nothing if `raw` is no valid JSON string.
std::optional<std::string> unescape(std::string_view raw);

/// `text` as a JSON string, with quotes.
std::string quote(std::string_view text);
/// Appends the escaped form of `text` without quotes.
void append_escaped(std::string& out, std::string_view text);

/// Replace `length` bytes at `offset` by `replacement`.
struct Edit {
  std::size_t offset = 0;
  std::size_t length = 0;
  std::string replacement;
};

/// Edits of one text: sorted by offset, never overlapping.
using Edits = std::vector<Edit>;

/// Changes to the members of one object, made into edits with the right commas however many members
/// come and go. Values are raw JSON. Not thread-safe.
class ObjectPatch {
 public:
  /// `members` are those of the object `text`. Both must outlive the patch.
  ObjectPatch(std::string_view text, const std::vector<Member>& members)
      : text_(text), members_(members) {}

  /// Gives the key this value wherever it stands, and adds it in front if it stands nowhere.
  void set(std::string_view key, std::string_view value);
  /// Gives the key another name wherever it stands.
  void rename(std::string_view key, std::string_view name);
  /// Takes the key away wherever it stands. Wins over other changes of the same key.
  void remove(std::string_view key);

  /// Puts other bytes in the place of `part`, a view into the text that lies inside one member's
  /// value.
  void splice(std::string_view part, std::string_view replacement);

  /// Nothing was changed: the text can go as it is.
  bool is_empty() const { return changes_.empty() && removed_.empty() && added_.empty(); }
  /// The edits of all changes so far.
  Edits edits() const;

 private:
  struct Change {
    std::size_t index = 0;  // into members_
    Edit edit;
  };

  void change(std::size_t index, Edit edit);
  bool is_removed(std::size_t index) const;
  void append_removals(Edits& edits) const;
  void append_addition(Edits& edits) const;

  std::string_view text_;
  const std::vector<Member>& members_;
  std::vector<Change> changes_;
  std::vector<std::size_t> removed_;                       // indices into members_
  std::map<std::string, std::string, std::less<>> added_;  // keys that were not there
};

/// The text with the edits applied. The hot path sends the pieces between them instead.
std::string apply_edits(std::string_view text, const Edits& edits);

}  // namespace gatehouse::json
