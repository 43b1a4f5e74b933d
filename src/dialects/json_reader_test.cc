#include "dialects/json_reader.h"

#include <gtest/gtest.h>

namespace gatehouse::dialects {
namespace {

class FieldsTest : public testing::Test {
 protected:
  Fields fields_of(std::string_view text) {
    value_ = json::parse(text).value();
    return {*value_.if_object(), "", problems_};
  }
  std::string message() { return problems_.is_any() ? problems_.take().message : std::string(); }

  json::Value value_;
  Problems problems_;
};

TEST_F(FieldsTest, AbsentAndNullMembersAreTheSame) {
  Fields fields = fields_of(R"({"a":null})");
  EXPECT_EQ(fields.text("a"), "");
  EXPECT_EQ(fields.integer("b"), std::nullopt);
  EXPECT_EQ(fields.object("a"), nullptr);
  EXPECT_EQ(fields.raw("a"), "");
  EXPECT_FALSE(problems_.is_any());
}

TEST_F(FieldsTest, AMemberOfTheWrongTypeIsNamed) {
  Fields fields = fields_of(R"({"n":"x"})");
  EXPECT_EQ(fields.integer("n"), std::nullopt);
  EXPECT_EQ(message(), "'n' must be an integer.");
}

TEST_F(FieldsTest, TheFirstProblemIsTheOneReported) {
  Fields fields = fields_of(R"({"n":"x","t":1})");
  fields.integer("n");
  fields.text("t");
  EXPECT_EQ(message(), "'n' must be an integer.");
}

TEST_F(FieldsTest, AnIntegerMayBeWrittenWithAFractionOfZero) {
  Fields fields = fields_of(R"({"a":100.0,"b":1.5,"c":1e300})");
  EXPECT_EQ(fields.integer("a"), 100);
  EXPECT_FALSE(problems_.is_any());
  EXPECT_EQ(fields.integer("b"), std::nullopt);
  EXPECT_EQ(fields.integer("c"), std::nullopt);
  EXPECT_EQ(message(), "'b' must be an integer.");
}

TEST_F(FieldsTest, TextsMayBeOneOrAList) {
  Fields fields = fields_of(R"({"a":"x","b":["y","z"],"c":["y",1]})");
  EXPECT_EQ(fields.texts("a"), std::vector<std::string>{"x"});
  EXPECT_EQ(fields.texts("b"), (std::vector<std::string>{"y", "z"}));
  EXPECT_TRUE(fields.texts("c").empty());
  EXPECT_EQ(message(), "'c' must be a string or a list of strings.");
}

TEST_F(FieldsTest, ObjectsInAListKnowTheirPlace) {
  Fields fields = fields_of(R"({"messages":[{"role":"user"},{"role":5}]})");
  std::vector<Fields> messages = fields.objects("messages");
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_EQ(messages[0].text("role"), "user");
  messages[1].text("role");
  ASSERT_TRUE(problems_.is_any());
  EXPECT_EQ(problems_.take().param, "messages[1].role");
}

TEST_F(FieldsTest, AnElementThatIsNoObjectIsReportedWithItsPlace) {
  Fields fields = fields_of(R"({"tools":[{},7]})");
  EXPECT_EQ(fields.objects("tools").size(), 1U);
  EXPECT_EQ(message(), "'tools[1]' must be an object.");
}

TEST_F(FieldsTest, TheRestAreTheMembersNobodyAskedFor) {
  Fields fields = fields_of(R"({"a":1,"b":{"x":[1]},"c":null})");
  fields.integer("a");
  const std::vector<llm::RawMember> rest = fields.rest();
  ASSERT_EQ(rest.size(), 2U);
  EXPECT_EQ(rest[0].name, "b");
  EXPECT_EQ(rest[0].json, R"({"x":[1]})");
  EXPECT_EQ(rest[1].json, "null");
}

TEST(ReadingAnAnswer, TakesWhatHasTheWrongTypeForAbsent) {
  const json::Value value =
      json::parse(R"({"t":5,"i":"x","f":1,"a":{},"o":[],"x":{"y":2}})").value();
  EXPECT_EQ(text_at(value, "t"), "");
  EXPECT_EQ(integer_at(value, "i"), std::nullopt);
  EXPECT_FALSE(flag_at(value, "f"));
  EXPECT_TRUE(array_at(value, "a").empty());
  EXPECT_EQ(object_at(value, "o"), nullptr);
  ASSERT_NE(value_at(value, {"x", "y"}), nullptr);
  EXPECT_EQ(value_at(value, {"t", "y"}), nullptr);
}

TEST(ParseRequest, RefusesWhatIsNoObject) {
  for (const std::string_view text : {"[1]", "\"x\"", "", "{", "{\"a\":\"\xFF\"}"}) {
    const Result<json::Value> parsed = parse_request(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error()->code, ErrorCode::invalid_request) << text;
  }
}

}  // namespace
}  // namespace gatehouse::dialects
