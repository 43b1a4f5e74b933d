// What must hold for every stream that a client reads, whatever the provider: checked on all golden
// ones.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "dialects/golden/golden_case.h"
#include "http/framing/frame.h"

namespace gatehouse::dialects::golden {
namespace {

std::vector<Case> streams_to(llm::DialectId client) {
  std::vector<Case> cases = all_cases();
  std::erase_if(cases, [&](const Case& golden) {
    return !golden.text("client_response.sse") || golden.settings().client != client;
  });
  return cases;
}

/// The data of each event as JSON; a text that is none stays a string.
std::vector<json::Value> events_of(const Case& golden) {
  const std::string text = *golden.text("client_response.sse");
  const auto parser = http::make_frame_parser("text/event-stream");
  std::vector<http::Frame> frames;
  EXPECT_TRUE(parser->feed(text, frames));
  std::vector<json::Value> events;
  for (const http::Frame& frame : frames) {
    if (frame.kind == http::FrameKind::comment) continue;
    Result<json::Value> data = json::parse(frame.data);
    events.push_back(data ? std::move(*data) : json::Value(std::string(frame.data)));
  }
  return events;
}

std::string name_of_case(const testing::TestParamInfo<Case>& golden) { return golden.param.name; }

class ChatStream : public testing::TestWithParam<Case> {};

TEST_P(ChatStream, EndsWithDoneOnce) {
  const std::vector<json::Value> events = events_of(GetParam());
  const json::Value done("[DONE]");
  EXPECT_EQ(std::ranges::count(events, done), 1);
  EXPECT_EQ(events.back(), done);
}

TEST_P(ChatStream, KeepsItsIdModelAndTimeThroughout) {
  std::set<std::string> heads;
  for (const json::Value& event : events_of(GetParam())) {
    if (json::find(event, "choices") == nullptr) continue;
    heads.insert(std::string(text_at(event, "id")) + "|" + std::string(text_at(event, "model")) +
                 "|" + std::to_string(integer_at(event, "created").value_or(-1)));
    EXPECT_EQ(text_at(event, "object"), "chat.completion.chunk");
  }
  EXPECT_LE(heads.size(), 1U);
}

TEST_P(ChatStream, StartsEachChoiceWithItsRoleAndEndsItOnce) {
  std::map<std::int64_t, int> roles;
  std::map<std::int64_t, int> finishes;
  bool has_failed = false;
  for (const json::Value& event : events_of(GetParam())) {
    has_failed = has_failed || json::find(event, "error") != nullptr;
    for (const json::Value& choice : array_at(event, "choices")) {
      const std::int64_t index = integer_at(choice, "index").value_or(-1);
      const json::Value* role = value_at(choice, {"delta", "role"});
      EXPECT_EQ(role != nullptr, roles[index] == 0) << "a role first, and never again";
      roles[index] += role != nullptr ? 1 : 0;
      EXPECT_EQ(finishes[index], 0) << "nothing follows the closing chunk";
      finishes[index] += text_at(choice, "finish_reason").empty() ? 0 : 1;
    }
  }
  for (const auto& [index, count] : finishes)
    EXPECT_EQ(count, has_failed ? 0 : 1) << "choice " << index;
}

TEST_P(ChatStream, NamesEachToolCallFirstAndGivesItWholeArguments) {
  std::map<std::int64_t, std::string> arguments;
  for (const json::Value& event : events_of(GetParam())) {
    for (const json::Value& choice : array_at(event, "choices")) {
      const json::Value* delta = json::find(choice, "delta");
      for (const json::Value& call : array_at(*delta, "tool_calls")) {
        const std::int64_t index = integer_at(call, "index").value_or(-1);
        const json::Value* function = json::find(call, "function");
        if (function == nullptr) continue;  // a custom tool
        const bool is_first = !arguments.contains(index);
        EXPECT_EQ(!text_at(call, "id").empty(), is_first);
        EXPECT_EQ(!text_at(*function, "name").empty(), is_first);
        ASSERT_NE(json::find(*function, "arguments"), nullptr);
        EXPECT_TRUE(json::find(*function, "arguments")->is_string());
        arguments[index] += text_at(*function, "arguments");
      }
    }
  }
  std::int64_t expected = 0;
  for (const auto& [index, text] : arguments) {
    EXPECT_EQ(index, expected++);
    EXPECT_TRUE(json::parse(text)) << text;
  }
}

INSTANTIATE_TEST_SUITE_P(Golden, ChatStream,
                         testing::ValuesIn(streams_to(llm::DialectId::openai_chat)), name_of_case);

class MessagesStream : public testing::TestWithParam<Case> {};

TEST_P(MessagesStream, OpensAndClosesOneBlockAfterTheOther) {
  std::int64_t open = -1;
  std::int64_t next = 0;
  for (const json::Value& event : events_of(GetParam())) {
    const std::string_view type = text_at(event, "type");
    const std::int64_t index = integer_at(event, "index").value_or(-1);
    if (type == "content_block_start") {
      EXPECT_EQ(open, -1);
      EXPECT_EQ(index, next++);
      open = index;
    } else if (type == "content_block_delta") {
      EXPECT_EQ(index, open);
    } else if (type == "content_block_stop") {
      EXPECT_EQ(index, open);
      open = -1;
    } else if (type == "message_delta" || type == "message_stop") {
      EXPECT_EQ(open, -1);
    }
  }
}

TEST_P(MessagesStream, StartsOnceAndEndsWithAStopOrAnError) {
  const std::vector<json::Value> events = events_of(GetParam());
  EXPECT_EQ(text_at(events.front(), "type"), "message_start");
  const auto starts = std::ranges::count_if(
      events, [](const json::Value& event) { return text_at(event, "type") == "message_start"; });
  EXPECT_EQ(starts, 1);
  const std::string_view last = text_at(events.back(), "type");
  EXPECT_TRUE(last == "message_stop" || last == "error") << last;
}

INSTANTIATE_TEST_SUITE_P(Golden, MessagesStream,
                         testing::ValuesIn(streams_to(llm::DialectId::anthropic_messages)),
                         name_of_case);

class ResponsesStream : public testing::TestWithParam<Case> {};

TEST_P(ResponsesStream, NumbersItsEventsFromZero) {
  std::int64_t next = 0;
  for (const json::Value& event : events_of(GetParam())) {
    EXPECT_EQ(integer_at(event, "sequence_number"), next++);
  }
}

TEST_P(ResponsesStream, ClosesEveryItemThatItOpensUnlessItFails) {
  std::set<std::int64_t> open;
  const std::vector<json::Value> events = events_of(GetParam());
  for (const json::Value& event : events) {
    const std::int64_t index = integer_at(event, "output_index").value_or(-1);
    const std::string_view type = text_at(event, "type");
    if (type == "response.output_item.added") {
      EXPECT_TRUE(open.insert(index).second);
    } else if (type == "response.output_item.done") {
      EXPECT_EQ(open.erase(index), 1U);
    }
  }
  const std::string_view last = text_at(events.back(), "type");
  if (last == "response.failed" || last == "error") return;
  EXPECT_TRUE(last == "response.completed" || last == "response.incomplete") << last;
  EXPECT_TRUE(open.empty());
}

INSTANTIATE_TEST_SUITE_P(Golden, ResponsesStream,
                         testing::ValuesIn(streams_to(llm::DialectId::openai_responses)),
                         name_of_case);

}  // namespace
}  // namespace gatehouse::dialects::golden
