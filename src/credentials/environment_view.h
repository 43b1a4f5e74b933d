// The operator's environment as this room sees it: a name gives a value, or nothing.
#pragma once

#include <concepts>
#include <optional>
#include <string_view>

namespace gatehouse::credentials {

/// Refers to whatever it was made from, which must outlive it. Two pointers: pass it on freely.
class EnvironmentView {
 public:
  template <class Snapshot>
    requires(!std::same_as<Snapshot, EnvironmentView> &&
             requires(const Snapshot& snapshot, std::string_view name) {
               { snapshot.find(name) } -> std::same_as<std::optional<std::string_view>>;
             })
  EnvironmentView(const Snapshot& snapshot)  // NOLINT(google-explicit-constructor): a view of it
      : snapshot_(&snapshot), find_([](const void* object, std::string_view name) {
          return static_cast<const Snapshot*>(object)->find(name);
        }) {}

  std::optional<std::string_view> find(std::string_view name) const {
    return find_(snapshot_, name);
  }

 private:
  const void* snapshot_;
  std::optional<std::string_view> (*find_)(const void*, std::string_view);
};

}  // namespace gatehouse::credentials
