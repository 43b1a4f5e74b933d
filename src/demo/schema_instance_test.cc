#include "demo/schema_instance.h"

#include <gtest/gtest.h>

namespace gatehouse::demo {
namespace {

std::string instance(std::string_view schema) {
  return json::serialize(instance_of(json::parse(schema).value()));
}

TEST(SchemaInstance, HasAValueForEachType) {
  EXPECT_EQ(instance(R"({"type":"string"})"), R"("demo")");
  EXPECT_EQ(instance(R"({"type":"integer"})"), "1");
  EXPECT_EQ(instance(R"({"type":"number","minimum":2.5})"), "2.5E0");
  EXPECT_EQ(instance(R"({"type":"boolean"})"), "true");
  EXPECT_EQ(instance(R"({"type":"null"})"), "null");
  EXPECT_EQ(instance(R"({"type":"array"})"), "[]");
  EXPECT_EQ(instance(R"({"type":["null","integer"]})"), "1");
}

TEST(SchemaInstance, TakesWhatTheSchemaNames) {
  EXPECT_EQ(instance(R"({"enum":["red","green"]})"), R"("red")");
  EXPECT_EQ(instance(R"({"const":7})"), "7");
  EXPECT_EQ(instance(R"({"type":"string","default":"x"})"), R"("x")");
  EXPECT_EQ(instance(R"({"type":"string","format":"date"})"), R"("2025-01-31")");
}

TEST(SchemaInstance, KeepsToBounds) {
  EXPECT_EQ(instance(R"({"type":"string","minLength":6})"), R"("demooo")");
  EXPECT_EQ(instance(R"({"type":"string","maxLength":2})"), R"("de")");
  EXPECT_EQ(instance(R"({"type":"integer","minimum":10})"), "10");
  EXPECT_EQ(instance(R"({"type":"integer","maximum":-3})"), "-3");
  EXPECT_EQ(instance(R"({"type":"integer","exclusiveMinimum":10})"), "11");
  EXPECT_EQ(instance(R"({"type":"array","items":{"type":"integer"},"minItems":3})"), "[1,1,1]");
  EXPECT_EQ(instance(R"({"type":"integer","minimum":1e300})"), "1000000000000000");
}

TEST(SchemaInstance, FillsRequiredMembersOrAll) {
  EXPECT_EQ(
      instance(
          R"({"type":"object","properties":{"a":{"type":"integer"},"b":{}},"required":["a"]})"),
      R"({"a":1})");
  EXPECT_EQ(instance(R"({"properties":{"a":{"type":"integer"},"b":{"type":"boolean"}}})"),
            R"({"a":1,"b":true})");
}

TEST(SchemaInstance, FollowsReferencesAndAlternatives) {
  EXPECT_EQ(instance(R"({"$ref":"#/$defs/X","$defs":{"X":{"type":"integer"}}})"), "1");
  EXPECT_EQ(instance(R"({"anyOf":[{"type":"null"},{"type":"boolean"}]})"), "true");
  EXPECT_EQ(instance(R"({"allOf":[{"type":"object","properties":{"a":{"type":"integer"}}},)"
                     R"({"type":"object","properties":{"b":{"type":"integer"}}}]})"),
            R"({"a":1,"b":1})");
}

TEST(SchemaInstance, EndsOnSchemasWithoutAnEnd) {
  EXPECT_FALSE(instance(R"({"$ref":"#"})").empty());
  EXPECT_FALSE(
      instance(R"({"type":"object","properties":{"next":{"$ref":"#"}},"required":["next"]})")
          .empty());
  const std::string wide = instance(R"({"type":"array","minItems":16,"items":{"$ref":"#"}})");
  EXPECT_LT(wide.size(), 100'000U);
}

TEST(SchemaInstance, CopiesNoLargeValueOverAndOver) {
  const std::string big(20'000, 'x');
  const std::string schema =
      R"({"type":"array","minItems":16,"items":{"default":")" + big + R"("}})";
  EXPECT_LT(instance(schema).size(), 30'000U);
}

TEST(SchemaInstance, TakesNonsenseForNull) {
  EXPECT_EQ(instance("5"), "null");
  EXPECT_EQ(instance(R"({"$ref":"#/nowhere","type":"integer"})"), "1");
  EXPECT_EQ(instance(R"({"type":"unheard-of"})"), "null");
}

}  // namespace
}  // namespace gatehouse::demo
