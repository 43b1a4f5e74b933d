#include <algorithm>

#include "json/scan.h"

namespace gatehouse::json {
namespace {

std::size_t end_of(const Member& member) { return member.value_offset + member.value.size(); }

std::size_t key_length(const Member& member) { return member.key.size() + 2; }

}  // namespace

void ObjectPatch::change(std::size_t index, Edit edit) {
  for (Change& earlier : changes_) {
    if (earlier.edit.offset != edit.offset) continue;
    earlier.edit = std::move(edit);
    return;
  }
  changes_.push_back({index, std::move(edit)});
}

void ObjectPatch::set(std::string_view key, std::string_view value) {
  bool is_there = false;
  for (std::size_t i = 0; i < members_.size(); ++i) {
    const Member& member = members_[i];
    if (!member.has_key(key)) continue;
    is_there = true;
    change(i, {member.value_offset, member.value.size(), std::string(value)});
  }
  if (!is_there) added_.insert_or_assign(std::string(key), std::string(value));
}

void ObjectPatch::rename(std::string_view key, std::string_view name) {
  for (std::size_t i = 0; i < members_.size(); ++i) {
    const Member& member = members_[i];
    if (member.has_key(key)) change(i, {member.key_offset, key_length(member), quote(name)});
  }
}

void ObjectPatch::remove(std::string_view key) {
  for (std::size_t i = 0; i < members_.size(); ++i) {
    if (members_[i].has_key(key) && !is_removed(i)) removed_.push_back(i);
  }
  if (const auto added = added_.find(key); added != added_.end()) added_.erase(added);
}

void ObjectPatch::splice(std::string_view part, std::string_view replacement) {
  const auto offset = static_cast<std::size_t>(part.data() - text_.data());
  std::size_t index = 0;
  while (index + 1 < members_.size() && members_[index + 1].key_offset <= offset) ++index;
  change(index, {offset, part.size(), std::string(replacement)});
}

bool ObjectPatch::is_removed(std::size_t index) const {
  return std::find(removed_.begin(), removed_.end(), index) != removed_.end();
}

// A run of removed members goes with the comma behind it, or, at the end of the object, with the
// one before it.
void ObjectPatch::append_removals(Edits& edits) const {
  for (std::size_t first = 0; first < members_.size(); ++first) {
    if (!is_removed(first)) continue;
    std::size_t last = first;
    while (last + 1 < members_.size() && is_removed(last + 1)) ++last;
    const bool is_at_end = last + 1 == members_.size();
    const std::size_t from =
        is_at_end && first > 0 ? end_of(members_[first - 1]) : members_[first].key_offset;
    const std::size_t to = is_at_end ? end_of(members_[last]) : members_[last + 1].key_offset;
    edits.push_back({from, to - from, {}});
    first = last;
  }
}

void ObjectPatch::append_addition(Edits& edits) const {
  if (added_.empty()) return;
  std::string front;
  for (const auto& [key, value] : added_) {
    if (!front.empty()) front += ',';
    front += quote(key);
    front += ':';
    front += value;
  }
  if (removed_.size() < members_.size()) front += ',';
  edits.push_back({text_.find('{') + 1, 0, std::move(front)});
}

Edits ObjectPatch::edits() const {
  Edits edits;
  if (is_empty()) return edits;
  edits.reserve(changes_.size() + removed_.size() + 1);
  append_addition(edits);
  if (!removed_.empty()) append_removals(edits);
  for (const Change& change : changes_) {
    if (!is_removed(change.index)) edits.push_back(change.edit);
  }
  // An addition has no length, so at one offset it comes before a removal.
  std::sort(edits.begin(), edits.end(), [](const Edit& a, const Edit& b) {
    return a.offset != b.offset ? a.offset < b.offset : a.length < b.length;
  });
  return edits;
}

std::string apply_edits(std::string_view text, const Edits& edits) {
  std::size_t size = text.size();
  for (const Edit& edit : edits) size += edit.replacement.size();
  std::string out;
  out.reserve(size);
  std::size_t at = 0;
  for (const Edit& edit : edits) {
    out.append(text, at, edit.offset - at);
    out += edit.replacement;
    at = edit.offset + edit.length;
  }
  out.append(text, at);
  return out;
}

}  // namespace gatehouse::json
