#include "routing/match_query.h"

#include <gtest/gtest.h>

#include <map>

namespace gatehouse::routing {
namespace {

using exchange::Clause;
using exchange::Comparison;
using exchange::Operator;
using exchange::Query;
using exchange::Scalar;

std::optional<Scalar> look_up(std::string_view name) {
  static const std::map<std::string, Scalar, std::less<>> kFields = {
      {"metadata.plan", std::string("paid")},
      {"metadata.age", std::string("42 years")},
      {"params.temperature", 0.5},
      {"params.stream", true},
      {"url.pathname", std::string("/v1/embeddings")}};
  const auto found = kFields.find(name);
  if (found == kFields.end()) return std::nullopt;
  return found->second;
}

Clause clause(std::string field, std::vector<Comparison> comparisons) {
  Clause made;
  made.field = std::move(field);
  made.comparisons = std::move(comparisons);
  return made;
}
Comparison compare(Operator op, Scalar value) { return {op, std::move(value), {}, false}; }
Comparison compare_list(Operator op, std::vector<Scalar> list) {
  return {op, nullptr, std::move(list), true};
}
Clause group(Clause::Kind kind, std::vector<Query> parts) {
  Clause made;
  made.kind = kind;
  made.parts = std::move(parts);
  return made;
}
bool met(std::vector<Clause> clauses) { return is_met(Query{std::move(clauses)}, look_up); }
bool met(const char* field, Comparison comparison) {
  return met({clause(field, {std::move(comparison)})});
}

TEST(Query, ComparesByTypeAndValue) {
  EXPECT_TRUE(met("metadata.plan", compare(Operator::eq, std::string("paid"))));
  EXPECT_FALSE(met("metadata.plan", compare(Operator::eq, true)));
  EXPECT_TRUE(met("params.stream", compare(Operator::eq, true)));
  EXPECT_TRUE(met("params.temperature", compare(Operator::eq, 0.5)));
  EXPECT_FALSE(met("params.temperature", compare(Operator::eq, std::string("0.5"))));
  EXPECT_FALSE(met("metadata.none", compare(Operator::eq, std::string("paid"))));
  EXPECT_TRUE(met("metadata.none", compare(Operator::ne, std::string("paid"))));
  EXPECT_FALSE(met("metadata.plan", compare(Operator::ne, std::string("paid"))));
}

TEST(Query, OrdersByTheNumberAtTheFront) {
  EXPECT_TRUE(met("metadata.age", compare(Operator::gt, 41.0)));
  EXPECT_TRUE(met("metadata.age", compare(Operator::gte, std::string("42"))));
  EXPECT_TRUE(met("metadata.age", compare(Operator::lte, 42.0)));
  EXPECT_FALSE(met("metadata.age", compare(Operator::lt, 42.0)));
  EXPECT_FALSE(met("metadata.plan", compare(Operator::gt, 0.0)));
  EXPECT_FALSE(met("metadata.none", compare(Operator::lt, 5.0)));
}

TEST(Query, LooksIntoLists) {
  const std::vector<Scalar> list = {std::string("free"), std::string("paid")};
  EXPECT_TRUE(met("metadata.plan", compare_list(Operator::in, list)));
  EXPECT_FALSE(met("metadata.none", compare_list(Operator::in, list)));
  EXPECT_FALSE(met("metadata.plan", compare_list(Operator::nin, list)));
  EXPECT_TRUE(met("metadata.none", compare_list(Operator::nin, list)));
  EXPECT_FALSE(met("metadata.plan", compare(Operator::in, std::string("paid"))));
  EXPECT_FALSE(met("metadata.plan", compare(Operator::nin, std::string("free"))));
}

TEST(Query, SearchesWithPatterns) {
  EXPECT_TRUE(met("url.pathname", compare(Operator::regex, std::string("^/v1/emb"))));
  EXPECT_TRUE(met("url.pathname", compare(Operator::regex, std::string("bed+ing"))));
  EXPECT_FALSE(met("url.pathname", compare(Operator::regex, std::string("^chat"))));
  EXPECT_FALSE(met("url.pathname", compare(Operator::regex, std::string("("))));
  EXPECT_TRUE(met("metadata.none", compare(Operator::regex, std::string("^undefined$"))));
  EXPECT_TRUE(met("params.temperature", compare(Operator::regex, std::string("^0\\.5$"))));
}

TEST(Query, NeedsAllOfItsMembers) {
  const Clause paid = clause("metadata.plan", {compare(Operator::eq, std::string("paid"))});
  const Clause old =
      clause("metadata.age", {compare(Operator::gt, 18.0), compare(Operator::lt, 40.0)});
  EXPECT_TRUE(met({paid}));
  EXPECT_FALSE(met({paid, old}));
  EXPECT_TRUE(met(std::vector<Clause>{}));
}

TEST(Query, LetsTheFirstGroupDecide) {
  const Query yes{{clause("metadata.plan", {compare(Operator::eq, std::string("paid"))})}};
  const Query no{{clause("metadata.plan", {compare(Operator::eq, std::string("free"))})}};
  using Kind = Clause::Kind;
  EXPECT_TRUE(met({group(Kind::any_of, {no, yes})}));
  EXPECT_FALSE(met({group(Kind::any_of, {no})}));
  EXPECT_TRUE(met({group(Kind::all_of, {yes, yes})}));
  EXPECT_FALSE(met({group(Kind::all_of, {yes, no})}));
  EXPECT_TRUE(met({group(Kind::any_of, {yes}), no.clauses[0]})) << "what follows is not looked at";
  EXPECT_FALSE(met({no.clauses[0], group(Kind::any_of, {yes})})) << "what stands before is";
}

TEST(Query, LetsAPatternDecideItsField) {
  EXPECT_TRUE(met({clause("metadata.plan", {compare(Operator::regex, std::string("pa")),
                                            compare(Operator::eq, std::string("free"))})}));
}

}  // namespace
}  // namespace gatehouse::routing
