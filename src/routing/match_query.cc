#include "routing/match_query.h"

#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <string>

#include "base/text.h"

namespace gatehouse::routing {
namespace {

using exchange::Clause;
using exchange::Comparison;
using exchange::Operator;
using exchange::Query;
using exchange::Scalar;

std::string text_of(const Scalar& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* number = std::get_if<double>(&value)) {
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, *number).ptr;
    return {digits, end};
  }
  return "null";
}

/// The number that a value begins with, as JavaScript's parseFloat reads it.
std::optional<double> number_of(const Scalar& value) {
  if (const auto* number = std::get_if<double>(&value)) return *number;
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return std::nullopt;
  std::string_view digits = trimmed(*text);
  if (digits.starts_with('+')) digits.remove_prefix(1);
  double number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc{}) return std::nullopt;
  return number;
}

template <class Compare>
bool is_ordered(const Scalar& value, const Scalar& operand, const Compare& compare) {
  const auto left = number_of(value);
  const auto right = number_of(operand);
  return left && right && compare(*left, *right);
}

bool is_matched(const Scalar& value, const Scalar& pattern, std::string_view missing) {
  RE2::Options options;
  options.set_log_errors(false);
  const RE2 regex(text_of(pattern), options);
  if (!regex.ok()) return false;
  return RE2::PartialMatch(missing.empty() ? text_of(value) : std::string(missing), regex);
}

bool is_listed(const Comparison& comparison, const Scalar& value) {
  return std::ranges::find(comparison.list, value) != comparison.list.end();
}

bool is_comparison_met(const Comparison& comparison, const std::optional<Scalar>& found) {
  const Scalar value = found.value_or(nullptr);
  const bool is_there = found.has_value();
  switch (comparison.op) {
    case Operator::eq: return is_there && !comparison.has_list && value == comparison.value;
    case Operator::ne: return !is_there || comparison.has_list || value != comparison.value;
    case Operator::gt: return is_ordered(value, comparison.value, std::greater<>());
    case Operator::gte: return is_ordered(value, comparison.value, std::greater_equal<>());
    case Operator::lt: return is_ordered(value, comparison.value, std::less<>());
    case Operator::lte: return is_ordered(value, comparison.value, std::less_equal<>());
    case Operator::in: return comparison.has_list && is_there && is_listed(comparison, value);
    case Operator::nin: return comparison.has_list && !(is_there && is_listed(comparison, value));
    case Operator::regex: return is_matched(value, comparison.value, is_there ? "" : "undefined");
  }
  return false;
}

bool are_met(const Clause& clause, const FieldLookup& lookup) {
  const std::optional<Scalar> found = lookup(clause.field);
  for (const Comparison& each : clause.comparisons) {
    const bool is_one_met = is_comparison_met(each, found);
    if (each.op == Operator::regex || !is_one_met) return is_one_met;
  }
  return true;
}

}  // namespace

bool is_met(const Query& query, const FieldLookup& lookup) {
  const auto is_part_met = [&](const Query& part) { return is_met(part, lookup); };
  for (const Clause& clause : query.clauses) {
    switch (clause.kind) {
      case Clause::Kind::all_of: return std::ranges::all_of(clause.parts, is_part_met);
      case Clause::Kind::any_of: return std::ranges::any_of(clause.parts, is_part_met);
      case Clause::Kind::compare: break;
    }
    if (!are_met(clause, lookup)) return false;
  }
  return true;
}

}  // namespace gatehouse::routing
