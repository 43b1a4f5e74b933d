#include "gateway/hide_usage.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace gatehouse::gateway {
namespace {

/// As it comes from a connection.
async::Chunk in_block(std::string_view text) {
  async::Chunk chunk;
  chunk.block = async::Block::take();
  chunk.offset = 10;
  chunk.size = text.copy(chunk.block.bytes() + chunk.offset, text.size());
  return chunk;
}

async::Chunk made(std::string_view text) { return async::make_chunk(std::string(text)); }

/// What is left of a stream that comes in these pieces, in blocks and as made texts.
std::string hidden(const std::vector<std::string_view>& pieces) {
  std::array<std::string, 2> left;
  for (std::string& out : left) {
    UsageHider hider;
    for (const std::string_view piece : pieces) {
      async::Chunk chunk = &out == left.data() ? in_block(piece) : made(piece);
      hider.pass(chunk, nullptr);
      out += chunk.view();
    }
    out += hider.finish();
  }
  EXPECT_EQ(left[0], left[1]);
  return left[0];
}

std::string hidden(std::string_view text) { return hidden(std::vector{text}); }

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
    EXPECT_EQ(hidden({kAsked.substr(0, cut), kAsked.substr(cut)}), kUnasked) << cut;
  }
}

/// Five events that differ in their words and in their padding; `usage` stands before or behind it.
std::string words(std::string_view before_padding, std::string_view behind_padding) {
  std::string stream;
  for (const char* word : {"a", "longer", "", "\\n", "a"}) {
    stream.append(R"(data: {"choices":[{"delta":{"content":")").append(word).append(R"("}}])");
    stream.append(before_padding).append(R"(,"obfuscation":")").append(stream.size() % 5, 'x');
    stream.append("\"").append(behind_padding).append("}\n\n");
  }
  return stream;
}

TEST(UsageHider, TakesItOutOfEventsThatAreLikeOthersWhereverItStands) {
  constexpr std::string_view kNull = R"(,"usage":null)";
  for (const bool is_behind : {true, false}) {
    const std::string asked = is_behind ? words("", kNull) : words(kNull, "");
    std::string unasked = asked;
    for (std::size_t at = 0; (at = unasked.find(kNull)) != std::string::npos;) {
      unasked.erase(at, kNull.size());
    }
    for (std::size_t cut = 0; cut <= asked.size(); ++cut) {
      const std::string_view all(asked);
      EXPECT_EQ(hidden({all.substr(0, cut), all.substr(cut)}), unasked) << cut;
    }
  }
}

TEST(UsageHider, ShowsAMeterWhatCameAndGivesAllWithTheLastChunk) {
  usage::EventMeter meter;
  UsageHider hider;
  async::Chunk asked = in_block(kAsked);
  hider.pass(asked, &meter);
  EXPECT_EQ(asked.view(), kUnasked);
  ASSERT_TRUE(meter.findings().usage);
  EXPECT_EQ(meter.findings().usage->total_tokens, 3);
  async::Chunk last = in_block("data: an event that does not e");
  last.is_last = true;
  hider.pass(last, &meter);
  EXPECT_EQ(last.view(), "data: an event that does not e");
  EXPECT_TRUE(last.is_last);
  EXPECT_EQ(hider.finish(), "");
}

TEST(UsageHider, HoldsNoMoreThanAnEventMayTake) {
  UsageHider hider;
  std::size_t passed = 0;
  for (int i = 0; i < 30; ++i) {
    async::Chunk chunk = made(std::string(10'000, 'x'));
    hider.pass(chunk, nullptr);
    passed += chunk.size;
  }
  EXPECT_GE(passed, 250'000U);
}

TEST(UsageHider, KeepsUsageThatComesWithChoices) {
  constexpr std::string_view kLast =
      "data: {\"choices\":[{\"index\":0}],\"usage\":{\"total_tokens\":3}}\r\n\r\n";
  EXPECT_EQ(hidden(kLast), kLast);
}

TEST(UsageHider, PassesWhatIsNoEventAtAll) { EXPECT_EQ(hidden("hello"), "hello"); }

}  // namespace
}  // namespace gatehouse::gateway
