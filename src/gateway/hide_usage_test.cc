#include "gateway/hide_usage.h"

#include <gtest/gtest.h>

namespace gatehouse::gateway {
namespace {

std::string hidden(std::string_view text) {
  UsageHider hider;
  std::string out = hider.pass(text);
  return out + hider.finish();
}

constexpr std::string_view kAsked =
    "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}],\"usage\":null}\n\n"
    ": ping\n\n"
    "data: {\"usage\":null,\"choices\":[]}\n\n"
    "data: {\"choices\":[],\"usage\":{\"total_tokens\":3}}\n\n"
    "data: [DONE]\n\n";
constexpr std::string_view kUnasked =
    "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n"
    ": ping\n\n"
    "data: {\"choices\":[]}\n\n"
    "data: [DONE]\n\n";

TEST(UsageHider, GivesTheStreamThatWouldHaveComeUnasked) { EXPECT_EQ(hidden(kAsked), kUnasked); }

TEST(UsageHider, DoesSoHoweverTheBytesAreCut) {
  for (std::size_t cut = 0; cut <= kAsked.size(); ++cut) {
    UsageHider hider;
    std::string out = hider.pass(kAsked.substr(0, cut));
    out += hider.pass(kAsked.substr(cut));
    out += hider.finish();
    EXPECT_EQ(out, kUnasked) << cut;
  }
}

TEST(UsageHider, KeepsUsageThatComesWithChoices) {
  constexpr std::string_view kLast =
      "data: {\"choices\":[{\"index\":0}],\"usage\":{\"total_tokens\":3}}\r\n\r\n";
  EXPECT_EQ(hidden(kLast), kLast);
}

TEST(UsageHider, PassesWhatIsNoEventAtAll) { EXPECT_EQ(hidden("hello"), "hello"); }

}  // namespace
}  // namespace gatehouse::gateway
