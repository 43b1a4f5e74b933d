// A place in a YAML document that is being read, and the problems found so far.
#pragma once

#include <yaml-cpp/yaml.h>

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/environment.h"
#include "config/problem.h"

namespace gatehouse::config {

/// What one reading of one file shares. Problems are collected, so that all are reported at once.
struct Reading {
  std::string file;
  const Environment& environment;
  std::vector<Problem> problems;
};

/// Copies are cheap and refer to the same Reading, which must outlive them.
class Cursor {
 public:
  Cursor(Reading& reading, const YAML::Node& node, std::string path)
      : reading_(&reading), node_(node), path_(std::move(path)) {}

  const YAML::Node& node() const { return node_; }
  /// "server.tls.cert_file"; "" for the document.
  const std::string& path() const { return path_; }
  Place place() const;
  /// `key:` with nothing after it: as if the key were not there.
  bool is_empty() const { return !node_.IsDefined() || node_.IsNull(); }
  /// `"5"` or `'5'`: a string whatever it looks like.
  bool is_quoted() const { return node_.Tag() == "!"; }

  /// The scalar with its environment references replaced. Nothing, and a problem, if it is no
  /// scalar or a variable is missing.
  std::optional<std::string> scalar(std::string_view allowed) const;

  void report(std::string what, std::string_view allowed = {}) const;
  void report_at(Place place, std::string what, std::string_view allowed = {}) const;
  /// "'30x' is no value for server.threads". Shows the text of the file and never what it became:
  /// a variable may hold a secret.
  void report_bad_value(std::string_view allowed) const;
  /// The same without the text.
  void report_bad_secret(std::string_view allowed) const;
  void report_wrong_type(std::string_view expected, std::string_view allowed) const;

  std::size_t problem_count() const { return reading_->problems.size(); }

  Cursor item(std::size_t index) const;
  using EachEntry = std::function<void(const Cursor& key, const Cursor& value)>;
  /// Calls `visit` for every key of a mapping, once a key; a key that stands twice is a problem.
  /// If it is no mapping, that is the problem.
  void for_each_entry(std::string_view allowed, const EachEntry& visit) const;

 private:
  Reading* reading_;
  YAML::Node node_;
  std::string path_;
};

}  // namespace gatehouse::config
