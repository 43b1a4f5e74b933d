// A string that cannot be printed by accident: no operator<<, no conversion, wiped when it ends.
#pragma once

#include <string>
#include <string_view>

namespace gatehouse {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  ~Secret();
  Secret(const Secret&) = default;
  Secret(Secret&&) noexcept = default;
  Secret& operator=(const Secret&) = default;
  Secret& operator=(Secret&&) noexcept = default;

  bool is_empty() const { return value_.empty(); }
  /// The plain value. Only signers and hashers call this.
  std::string_view reveal() const { return value_; }
  /// What may be shown: the last four characters of a long secret, otherwise stars alone.
  std::string masked() const;

  friend bool operator==(const Secret&, const Secret&) = default;

 private:
  std::string value_;
};

}  // namespace gatehouse
