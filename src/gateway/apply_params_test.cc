#include "gateway/apply_params.h"

#include <gtest/gtest.h>

namespace gatehouse::gateway {
namespace {

std::string applied(std::string body, const exchange::PlanNode& leaf) {
  Asked plain;
  plain.route.kind = RouteKind::proxy;
  Result<Asked> asked = asked_with(plain, std::move(body));
  EXPECT_TRUE(asked);
  Result<std::string> changed = apply_params(*asked, leaf);
  EXPECT_TRUE(changed) << (changed ? "" : changed.error()->message);
  return changed.value_or("");
}

TEST(ApplyParams, FillsInForcesAndTakesAwayInThatOrder) {
  exchange::PlanNode leaf;
  leaf.default_params = {{"a", "1"}, {"b", "1"}, {"c", "1"}};
  leaf.override_params = {{"b", "2"}, {"d", "2"}};
  leaf.drop_params = {"c", "d"};
  EXPECT_EQ(applied(R"({"a":0, "x": 9})", leaf), R"({"b":2,"a":0, "x": 9})");
}

TEST(ApplyParams, LeavesEveryOtherByteAsItIs) {
  exchange::PlanNode leaf;
  leaf.override_params = {{"model", "\"new\""}};
  EXPECT_EQ(applied("{ \"n\" : 1.50 ,\n \"model\":\"old\", \"u\":\"\\u00e9\" }", leaf),
            "{ \"n\" : 1.50 ,\n \"model\":\"new\", \"u\":\"\\u00e9\" }");
}

TEST(ApplyParams, DropsWhatAPathLeadsToAndIgnoresPathsThatLeadNowhere) {
  exchange::PlanNode leaf;
  const auto dropped = [&](std::string path) {
    leaf.drop_params = {std::move(path)};
    return applied(R"({"a":{"b":1,"c":2},"l":[{"x":1,"y":2},{"x":3}]})", leaf);
  };
  EXPECT_EQ(dropped("a.b"), R"({"a":{"c":2},"l":[{"x":1,"y":2},{"x":3}]})");
  EXPECT_EQ(dropped("l[0].x"), R"({"a":{"b":1,"c":2},"l":[{"y":2},{"x":3}]})");
  EXPECT_EQ(dropped("l[*].x"), R"({"a":{"b":1,"c":2},"l":[{"y":2},{}]})");
  EXPECT_EQ(dropped("l[1]"), R"({"a":{"b":1,"c":2},"l":[{"x":1,"y":2}]})");
  EXPECT_EQ(dropped("a"), R"({"l":[{"x":1,"y":2},{"x":3}]})");
  for (const char* nowhere :
       {"z", "a.z", "a.b.c", "l[7].x", "l.x", "a[0]", "l[x]", "l[", ".", ""}) {
    EXPECT_EQ(dropped(nowhere), R"({"a":{"b":1,"c":2},"l":[{"x":1,"y":2},{"x":3}]})") << nowhere;
  }
}

}  // namespace
}  // namespace gatehouse::gateway
