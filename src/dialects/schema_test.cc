#include "dialects/schema.h"

#include <gtest/gtest.h>

#include "json/value.h"

namespace gatehouse::dialects {
namespace {

/// Compared as values: the order of members means nothing in a schema.
void expect_schema(const std::string& made, std::string_view expected) {
  EXPECT_EQ(json::parse(made).value(), json::parse(expected).value()) << made;
}

TEST(ObjectSchema, GivesToolsWithoutParametersAnEmptyObject) {
  expect_schema(object_schema(""), R"({"type":"object","properties":{}})");
}

TEST(ObjectSchema, AddsATypeWhereThereIsNone) {
  expect_schema(object_schema(R"({"properties":{"a":{}}})"),
                R"({"properties":{"a":{}},"type":"object"})");
}

TEST(ObjectSchema, LeavesACompleteSchemaAsItIs) {
  const std::string schema = R"({ "type": "object",  "properties": {} })";
  EXPECT_EQ(object_schema(schema), schema);
}

TEST(ClosedSchema, ClosesEveryObject) {
  expect_schema(closed_schema(R"({"type":"object","additionalProperties":true,"properties":{
                    "a":{"type":"array","items":{"type":"object","properties":{}}},
                    "b":{"anyOf":[{"type":"object"},{"type":"null"}]}},
                    "$defs":{"c":{"properties":{}}}})"),
                R"({"type":"object","additionalProperties":false,"properties":{
                    "a":{"type":"array","items":{"type":"object","properties":{},"additionalProperties":false}},
                    "b":{"anyOf":[{"type":"object","additionalProperties":false},{"type":"null"}]}},
                    "$defs":{"c":{"properties":{},"additionalProperties":false}}})");
}

TEST(ClosedSchema, TellsTheModelTheLimitsThatTheGrammarCannotHold) {
  expect_schema(closed_schema(R"({"type":"string","maxLength":5,"pattern":"x"})"),
                R"x({"type":"string","pattern":"x","description":"(maxLength: 5)"})x");
}

TEST(ClosedSchema, DoesNotMistakeAPropertyForALimit) {
  const std::string schema =
      R"({"type":"object","properties":{"minimum":{"type":"integer"}},"additionalProperties":false})";
  expect_schema(closed_schema(schema), schema);
}

TEST(OpenApiSchema, InlinesReferencesAndMembersBesideThemWin) {
  expect_schema(openapi_schema(R"({"$ref":"#/$defs/A","description":"mine",
                    "$defs":{"A":{"type":"object","description":"its","properties":{"b":{"$ref":"#/definitions/B"}}}},
                    "definitions":{"B":{"type":"string"}}})"),
                R"({"type":"object","description":"mine","properties":{"b":{"type":"string"}}})");
}

TEST(OpenApiSchema, EndsASchemaThatHoldsItself) {
  expect_schema(openapi_schema(R"({"$ref":"#/$defs/Node",
                    "$defs":{"Node":{"type":"object","properties":{"next":{"$ref":"#/$defs/Node"}}}}})"),
                R"({"type":"object","properties":{"next":{"type":"object"}}})");
}

TEST(OpenApiSchema, SurvivesReferencesThatDoubleAtEachLevel) {
  std::string schema = R"({"$ref":"#/$defs/d0","$defs":{)";
  for (int i = 0; i < 40; ++i) {
    const std::string next = "{\"$ref\":\"#/$defs/d" + std::to_string(i + 1) + "\"}";
    schema += "\"d" + std::to_string(i) + R"(":{"type":"object","properties":{"a":)" + next +
              ",\"b\":" + next + "}},";
  }
  schema += R"("d40":{"type":"string"}}})";
  const std::string made = openapi_schema(schema);
  EXPECT_LT(made.size(), 4'000'000U);
  EXPECT_TRUE(json::parse(made));
}

TEST(OpenApiSchema, AReferenceToNowhereIsAnyObject) {
  expect_schema(openapi_schema(R"({"$ref":"https://elsewhere/x"})"), R"({"type":"object"})");
}

TEST(OpenApiSchema, NullBecomesNullable) {
  expect_schema(openapi_schema(R"({"type":["string","null"]})"),
                R"({"type":"string","nullable":true})");
  expect_schema(openapi_schema(R"({"anyOf":[{"type":"integer"},{"type":"null"}]})"),
                R"({"type":"integer","nullable":true})");
  expect_schema(
      openapi_schema(R"({"oneOf":[{"type":"integer"},{"type":"string"},{"type":"null"}]})"),
      R"({"anyOf":[{"type":"integer"},{"type":"string"}],"nullable":true})");
}

TEST(OpenApiSchema, EnumsHoldTextAndAConstantIsAnEnum) {
  expect_schema(openapi_schema(R"({"enum":[1,"a",null]})"),
                R"({"type":"string","enum":["1","a"],"nullable":true})");
  expect_schema(openapi_schema(R"({"const":"x"})"), R"({"type":"string","enum":["x"]})");
}

TEST(OpenApiSchema, PropertiesMayHaveTheNamesOfKeywords) {
  expect_schema(openapi_schema(
                    R"({"type":"object","strict":true,"properties":{"strict":{"type":"string"}}})"),
                R"({"type":"object","properties":{"strict":{"type":"string"}}})");
}

TEST(OpenApiSchema, TextThatIsNoSchemaIsAnEmptyObject) {
  expect_schema(openapi_schema("nonsense"), R"({"type":"object","properties":{}})");
}

}  // namespace
}  // namespace gatehouse::dialects
