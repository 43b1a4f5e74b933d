#include "config/interpolate.h"

#include <gtest/gtest.h>

namespace gatehouse::config {
namespace {

const Environment& environment() {
  static const Environment kEnvironment{{"KEY", "sk-1"}, {"EMPTY", ""}, {"NEST", "${KEY}"}};
  return kEnvironment;
}

TEST(Interpolate, ReplacesReferencesWhereverTheyStand) {
  constexpr std::pair<std::string_view, std::string_view> kCases[] = {
      {"", ""},
      {"plain $5 {x} }", "plain $5 {x} }"},
      {"${KEY}", "sk-1"},
      {"a${KEY}b${KEY}c", "ask-1bsk-1c"},
      {"${EMPTY}", ""},
      {"${EMPTY:-d}", "d"},
      {"${ABSENT:-d}", "d"},
      {"${ABSENT:-}", ""},
      {"${ABSENT:-http://a:80/-}", "http://a:80/-"},
      {"${KEY:-d}", "sk-1"},
      {"$${KEY}", "${KEY}"},
      {"${NEST}", "${KEY}"}};
  for (const auto& [text, expected] : kCases) {
    const auto out = interpolate(text, environment());
    ASSERT_TRUE(out) << text << ": " << out.error();
    EXPECT_EQ(*out, expected) << text;
  }
}

TEST(VeiledReferences, ComeBackAsTheyWere) {
  for (const std::string_view text : {"", "a: {b: ${C}, d: ${E:-f}}", "$${A}", "${", "${A\n}",
                                      "{a: ${B", "$ {A} } ${}", "\xe2\x9f\xa6"}) {
    EXPECT_EQ(unveil_references(veil_references(text)), text);
  }
  EXPECT_EQ(veil_references("{a: ${B}}").find("${"), std::string::npos);
}

TEST(Interpolate, NamesWhatIsMissingOrMalformed) {
  constexpr std::pair<std::string_view, std::string_view> kCases[] = {
      {"${ABSENT}", "'ABSENT' is not set"},
      {"x ${KEY} ${OTHER}", "'OTHER' is not set"},
      {"${KEY", "never closed"},
      {"${}", "names no variable"},
      {"${A B}", "names no variable"}};
  for (const auto& [text, expected] : kCases) {
    const auto out = interpolate(text, environment());
    ASSERT_FALSE(out) << text;
    EXPECT_NE(out.error().find(expected), std::string::npos) << out.error();
  }
}

}  // namespace
}  // namespace gatehouse::config
