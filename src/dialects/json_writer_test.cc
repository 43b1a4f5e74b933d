#include "dialects/json_writer.h"

#include <gtest/gtest.h>

#include <limits>

namespace gatehouse::dialects {
namespace {

TEST(JsonWriter, PutsCommasBetweenMembersAndElements) {
  std::string out;
  JsonWriter json(out);
  json.open().text("a", "x").open_list("b").integer(1).open().close().flag(true).close_list();
  json.null("c").raw("d", "[1]").close();
  EXPECT_EQ(out, R"({"a":"x","b":[1,{},true],"c":null,"d":[1]})");
}

TEST(JsonWriter, EscapesKeysAndTexts) {
  std::string out;
  JsonWriter(out).open().text("a\"b", "line\n\x01").close();
  EXPECT_EQ(out, "{\"a\\\"b\":\"line\\n\\u0001\"}");
}

TEST(JsonWriter, WritesNumbersInTheirShortestForm) {
  std::string out;
  JsonWriter(out).open_list().number(0.1).number(1).number(-2.5e-7).integer(-9).close_list();
  EXPECT_EQ(out, "[0.1,1,-2.5e-07,-9]");
}

TEST(JsonWriter, LeavesOutMembersWithNothingToSay) {
  std::string out;
  JsonWriter json(out);
  json.open().text_if_any("a", "").raw_if_any("b", "").integer_if_any("c", {});
  json.number_if_any("d", {}).flag_if_any("e", {}).integer_if_any("f", 0).close();
  EXPECT_EQ(out, R"({"f":0})");
}

TEST(ToText, KeepsAWholeTreeAsItWas) {
  const std::string text =
      R"({"a":[1,-2,18446744073709551615,0.25,"é\n",null,true,{}],"b":{"c":[]}})";
  const Result<json::Value> value = json::parse(text);
  ASSERT_TRUE(value);
  EXPECT_EQ(to_text(*value), text);
}

}  // namespace
}  // namespace gatehouse::dialects
