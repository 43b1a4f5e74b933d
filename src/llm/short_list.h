// A list of a few things, kept in place.
#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>

namespace gatehouse::llm {

/// At most N values without an allocation, so that a row of a constexpr table may hold lists.
template <class T, std::size_t N>
class ShortList {
 public:
  constexpr ShortList() = default;
  /// More than N values do not compile in a constant; at run time use `add`.
  constexpr ShortList(std::initializer_list<T> list) {
    for (const T& one : list) items_.at(size_++) = one;
  }

  /// False, and nothing added, if the list is full.
  constexpr bool add(const T& one) {
    if (size_ == N) return false;
    items_[size_++] = one;
    return true;
  }

  constexpr const T* begin() const { return items_.data(); }
  constexpr const T* end() const { return items_.data() + size_; }
  constexpr std::size_t size() const { return size_; }
  constexpr bool is_empty() const { return size_ == 0; }
  constexpr const T& operator[](std::size_t index) const { return items_[index]; }

 private:
  std::array<T, N> items_{};
  std::size_t size_ = 0;
};

}  // namespace gatehouse::llm
