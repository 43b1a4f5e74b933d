#include "llm/message.h"

#include <gtest/gtest.h>

namespace gatehouse::llm {
namespace {

TEST(TextOf, JoinsTheTextBlocksAlone) {
  const std::vector<Block> blocks{{Text{"a", {}}, {}}, {Image{}, {}}, {Text{"b", {}}, {}}};
  EXPECT_EQ(text_of(blocks), "ab");
  EXPECT_EQ(text_of(blocks, ", "), "a, b");
}

TEST(ToolNameOf, IsTheNameThatTheResultHasItself) {
  ToolResult result;
  result.name = "clock";
  EXPECT_EQ(tool_name_of(result, {}), "clock");
}

TEST(ToolNameOf, IsElseTheNameOfTheCallWithItsId) {
  Message message;
  message.role = Role::assistant;
  message.blocks.push_back({ToolCall{"c1", "clock", "{}", {}, ToolKind::function}, {}});
  ToolResult result;
  result.call_id = "c1";
  EXPECT_EQ(tool_name_of(result, {message}), "clock");
  result.call_id = "c2";
  EXPECT_EQ(tool_name_of(result, {message}), "");
}

}  // namespace
}  // namespace gatehouse::llm
