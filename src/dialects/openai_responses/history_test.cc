#include "dialects/openai_responses/history.h"

#include <gtest/gtest.h>

#include "dialects/dialect.h"
#include "json/value.h"

namespace gatehouse::dialects::openai_responses {
namespace {

TEST(InputItems, AStringIsOneMessageOfTheUsers) {
  const auto items = input_items(R"({"input":"hi"})");
  ASSERT_TRUE(items);
  EXPECT_EQ(
      json::parse(*items).value(),
      json::parse(
          R"([{"type":"message","role":"user","content":[{"type":"input_text","text":"hi"}]}])")
          .value());
}

TEST(OutputItems, AreTheOutputOfAResponse) {
  EXPECT_EQ(output_items(R"({"id":"r","output":[{"type":"x"}]})").value(), R"([{"type":"x"}])");
  EXPECT_FALSE(output_items(R"({"id":"r"})"));
  EXPECT_FALSE(output_items("no JSON"));
}

TEST(WithHistory, PutsWhatWasSaidInFrontOfWhatIsSaidNow) {
  const auto body =
      with_history(R"({"model":"m","input":"And in Rome?","previous_response_id":"resp_1"})",
                   R"([{"role":"user","content":"Weather in Oslo?"}])",
                   R"([{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}])");
  ASSERT_TRUE(body);
  const auto call = front_door(llm::DialectId::openai_responses)->decode_request(*body);
  ASSERT_TRUE(call) << call.error()->message;
  EXPECT_EQ(call->previous_response_id, "resp_1");
  ASSERT_EQ(call->messages.size(), 3U);
  EXPECT_EQ(call->messages[1].role, llm::Role::assistant);
  EXPECT_EQ(llm::text_of(call->messages[2].blocks), "And in Rome?");
}

TEST(WithHistory, AnAnswerOfOursCanBeSentBackAsItIs) {
  const FrontDoor& door = *front_door(llm::DialectId::openai_responses);
  llm::Call call;
  call.include = {"reasoning.encrypted_content"};
  llm::Reply reply;
  llm::Choice& choice = reply.choices.emplace_back();
  choice.blocks.push_back({llm::Reasoning{"Hm", "sig", {}}, {}});
  choice.blocks.push_back({llm::Reasoning{{}, {}, "sealed"}, {}});
  choice.blocks.push_back({llm::Text{"Hi", {}}, {}});
  choice.blocks.push_back({llm::ToolCall{"c1", "f", "{}", {}, llm::ToolKind::function}, {}});
  const std::string response =
      door.encode_response(reply, {Compliance::strict, "p", "id", 1, &call});
  const auto body = with_history(R"({"input":[]})", "[]", output_items(response).value());
  const auto next = door.decode_request(body.value());
  ASSERT_TRUE(next) << next.error()->message;
  ASSERT_EQ(next->messages.size(), 1U);
  const std::vector<llm::Block>& blocks = next->messages[0].blocks;
  ASSERT_EQ(blocks.size(), 4U);
  EXPECT_EQ(std::get<llm::Reasoning>(blocks[0].content).signature, "sig");
  EXPECT_EQ(std::get<llm::Reasoning>(blocks[1].content).redacted, "sealed");
  EXPECT_EQ(std::get<llm::Text>(blocks[2].content).text, "Hi");
  EXPECT_EQ(std::get<llm::ToolCall>(blocks[3].content).id, "c1");
}

}  // namespace
}  // namespace gatehouse::dialects::openai_responses
