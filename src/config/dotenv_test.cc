#include "config/dotenv.h"

#include <gtest/gtest.h>

namespace gatehouse::config {
namespace {

std::string value_of(std::string_view text, const std::string& name) {
  const Dotenv dotenv = parse_dotenv(text, ".env");
  const auto found = dotenv.values.find(name);
  return found == dotenv.values.end() ? "(absent)" : found->second;
}

TEST(Dotenv, ReadsEveryUsualFormOfALine) {
  constexpr std::pair<std::string_view, std::string_view> kCases[] = {
      {"A=b", "b"},
      {"A=b\r\n", "b"},
      {"\xef\xbb\xbf"
       "A=b",
       "b"},
      {"  export A = b c \n", "b c"},
      {"A=", ""},
      {"A=#none", ""},
      {"A=b#c", "b#c"},
      {"A=b # comment", "b"},
      {"A='b # \\n c' # comment", "b # \\n c"},
      {"A=\"b\\n\\\"c\\\"\" # comment", "b\n\"c\""},
      {"A=\"first\nsecond\"\nB=c", "first\nsecond"},
      {"A=x=y==", "x=y=="},
      {"# A=no\n\nA=yes", "yes"},
      {"A=first\nA=second", "second"}};
  for (const auto& [text, value] : kCases) EXPECT_EQ(value_of(text, "A"), value) << text;
}

TEST(Dotenv, GoesOnAfterAValueOfSeveralLines) {
  EXPECT_EQ(value_of("A=\"1\n2\"\nB=c\n", "B"), "c");
}

TEST(Dotenv, ReportsALineThatIsNoAssignmentAndKeepsTheOthers) {
  const Dotenv dotenv = parse_dotenv("A=1\nnot one\n2X=3\nB=\"open\nC=4\n", "my.env");
  EXPECT_EQ(dotenv.values, (Environment::Values{{"A", "1"}, {"C", "4"}}));
  ASSERT_EQ(dotenv.problems.size(), 3U);
  EXPECT_EQ(dotenv.problems[0].file, "my.env");
  EXPECT_EQ(dotenv.problems[0].place.line, 2);
  EXPECT_EQ(dotenv.problems[1].place.line, 3);
  EXPECT_EQ(dotenv.problems[2].place.line, 4);
}

TEST(Dotenv, KeepsSecretsOutOfItsProblems) {
  const Dotenv dotenv = parse_dotenv("sk-very-secret\nA B=sk-very-secret", ".env");
  EXPECT_EQ(format_problems(dotenv.problems).find("sk-very"), std::string::npos);
}

}  // namespace
}  // namespace gatehouse::config
