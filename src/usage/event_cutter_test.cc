#include "usage/event_cutter.h"

#include <gtest/gtest.h>

#include <vector>

#include "usage/meter.h"

namespace gatehouse::usage {
namespace {

std::string event(std::string_view content, std::string_view rest = R"(,"finish_reason":null)") {
  std::string text = R"(data: {"id":"c-1","model":"m-1","choices":[{"delta":{"content":")";
  text.append(content).append(R"("})").append(rest).append("}]}\n\n");
  return text;
}

struct Part {
  std::string bytes;
  bool is_alike;
};

/// The parts of a stream that comes in these pieces. Checks that each is what it says it is.
std::vector<Part> parts_of(const std::vector<std::string_view>& pieces) {
  std::vector<Part> parts;
  EventCutter cutter;
  std::string as_is;  // the last that is not alike
  for (std::string_view piece : pieces) {
    while (!piece.empty()) {
      const EventPart part = cutter.next(piece);
      std::string built = as_is;
      for (auto each = part.written.rbegin(); each != part.written.rend(); ++each) {
        built.replace(each->begin, each->size, each->text);
      }
      if (part.is_alike) EXPECT_EQ(built, part.bytes);
      if (!part.is_alike) as_is = part.bytes;
      parts.push_back({std::string(part.bytes), part.is_alike});
    }
  }
  return parts;
}

/// Whether the second event is like the first.
bool are_alike(const std::string& first, const std::string& second) {
  const std::vector<Part> parts = parts_of({first, second});
  EXPECT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0].bytes, first);
  EXPECT_EQ(parts[1].bytes, second);
  return parts[1].is_alike;
}

TEST(EventCutter, KnowsAnEventThatSaysAnotherWord) {
  EXPECT_TRUE(are_alike(event(" gate"), event(" opens")));
  EXPECT_TRUE(are_alike(event(" gate"), event(" gates")));
  EXPECT_TRUE(are_alike(event(" gates"), event(" gate")));
  EXPECT_TRUE(are_alike(event(" gate"), event("")));
  EXPECT_TRUE(are_alike(event(""), event(" gate")));
  EXPECT_TRUE(are_alike(event(" gate"), event(" gate")));
  EXPECT_TRUE(are_alike(event("\xC3\xA4"), event("\xC3\xB6")));
}

TEST(EventCutter, KnowsAWordWithEscapes) {
  EXPECT_TRUE(are_alike(event(" gate"), event(R"(a \"b\\)")));
  EXPECT_TRUE(are_alike(event(R"(\")"), event(R"(\\)")));
  EXPECT_TRUE(are_alike(event(R"(\n)"), event(R"(\")")));
}

TEST(EventCutter, KnowsTwoWordsInOneEvent) {
  const auto padded = [](std::string_view word, std::string_view padding) {
    return event(word, R"(}],"obfuscation": ")" + std::string(padding) + R"(","x":[{"y":1)");
  };
  EXPECT_TRUE(are_alike(padded("a", "Kq8"), padded("the", "z")));
  EXPECT_TRUE(are_alike(padded("a", "Kq8"), padded("a", "z")));
}

TEST(EventCutter, KnowsEventsWithANameOrWithCarriageReturns) {
  const auto delta = [](std::string_view text) {
    return "event: content_block_delta\r\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
           "\"delta\":{\"type\":\"text_delta\",\"text\":\"" +
           std::string(text) + "\"}}\r\n\r\n";
  };
  EXPECT_TRUE(are_alike(delta("Hello"), delta(" there")));
}

TEST(EventCutter, TellsEventsApartThatDifferInAnythingElse) {
  EXPECT_FALSE(are_alike(event("a"), event("a", R"(,"finish_reason":"stop")")));
  EXPECT_FALSE(are_alike(event("a", R"(,"finish_reason":"stop")"),
                         event("a", R"(,"finish_reason":"length")")));
  EXPECT_FALSE(are_alike(event("a"), event(R"(a"},"usage":{"total_tokens":5},"b":{"c":")")));
  EXPECT_FALSE(are_alike(event("a", R"(,"usage":{"total_tokens":1})"),
                         event("a", R"(,"usage":{"total_tokens":2})")));
  EXPECT_FALSE(are_alike(R"(data: {"model":"a"})"
                         "\n\n",
                         R"(data: {"model":"b"})"
                         "\n\n"));
  EXPECT_FALSE(are_alike(event("a"), "data: [DONE]\n\n"));
}

TEST(EventCutter, DoesNotTakeWhatIsNoStringForOne) {
  // `":"` is a string here, not the end of a key and the beginning of a value.
  const std::string colon = R"(data: {"content":":","usage":1})"
                            "\n\n";
  EXPECT_FALSE(are_alike(colon, R"(data: {"content":":","usage":2})"
                                "\n\n"));
  EXPECT_FALSE(are_alike(event("a"), event("a\nb")));
  // No JSON: the string of the first would be a key of the second.
  EXPECT_FALSE(are_alike(R"(data: {"content":"sage":{"total_tokens":1}})"
                         "\n\n",
                         R"(data: {"content":"usage":{"total_tokens":1}})"
                         "\n\n"));
}

TEST(EventCutter, TellsEventsApartAfterABrokenOne) {
  // It may have told something: what is like an event from before tells that again.
  const std::string before = event("a", R"(,"usage":{"total_tokens":1})");
  const std::string broken = event("a", R"(,"usage":{"total_tokens":2})");
  const std::vector<Part> parts =
      parts_of({before, broken.substr(0, 30), broken.substr(30), before});
  ASSERT_EQ(parts.size(), 4U);
  EXPECT_FALSE(parts[3].is_alike);
}

TEST(EventCutter, SeesTheEndOfAnEventWhereverItIsCut) {
  for (const std::string_view line_end : {"\n", "\r\n"}) {
    const std::string whole = "data: a" + std::string(line_end) + std::string(line_end);
    for (std::size_t first = 0; first <= whole.size(); ++first) {
      for (std::size_t second = first; second <= whole.size(); ++second) {
        EventCutter cutter;
        for (std::string_view piece : {std::string_view(whole).substr(0, first),
                                       std::string_view(whole).substr(first, second - first),
                                       std::string_view(whole).substr(second)}) {
          while (!piece.empty()) {
            const EventPart part = cutter.next(piece);
            EXPECT_EQ(cutter.is_between_events(), &part.bytes.back() == &whole.back())
                << first << " " << second;
          }
        }
      }
    }
  }
}

TEST(EventCutter, GivesUpOnAStreamWhoseEventsAreAllDifferent) {
  EventCutter cutter;
  for (int i = 0; i < 100; ++i) {
    const std::string different = "data: " + std::to_string(i) + "\n\n";
    std::string_view rest = different;
    EXPECT_FALSE(cutter.next(rest).is_alike);
  }
  const std::string last = "data: 99\n\n";
  std::string_view rest = last;
  EXPECT_FALSE(cutter.next(rest).is_alike);
}

/// What a meter finds that looks at nothing that is like what it has seen.
Findings found_in_parts(std::string_view stream, std::size_t cut) {
  EventMeter meter;
  EventCutter cutter;
  for (std::string_view piece : {stream.substr(0, cut), stream.substr(cut)}) {
    while (!piece.empty()) {
      const EventPart part = cutter.next(piece);
      if (!part.is_alike) meter.see(part.bytes);
    }
  }
  meter.finish();
  return meter.findings();
}

TEST(EventCutter, LeavesAMeterAllThatThereIsToFind) {
  std::string stream;
  for (const char* word : {"", "The", " gate", " opens", R"( \"usage\": )", "."}) {
    stream += event(word);
  }
  stream += event("", R"(,"finish_reason":"stop")");
  for (const char* tokens : {"5", "7", "5"}) {
    stream += event("", std::string(R"(,"usage":{"total_tokens":)") + tokens + "}");
  }
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    const Findings found = found_in_parts(stream, cut);
    EXPECT_EQ(found.model, "m-1");
    EXPECT_EQ(found.finish_reason, "stop");
    ASSERT_TRUE(found.usage);
    EXPECT_EQ(found.usage->total_tokens, 5);
  }
}

}  // namespace
}  // namespace gatehouse::usage
