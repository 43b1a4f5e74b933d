#include "base/ids.h"

#include <gtest/gtest.h>

namespace gatehouse {
namespace {

TEST(Ids, AUuidIsPackedAndWrittenAgainToTheLetter) {
  FastRandom random(3);
  const WallTime now{std::chrono::seconds(1'700'000'000)};
  for (int i = 0; i < 1000; ++i) {
    for (const std::string& id : {make_uuid4(random), make_uuid7(now, random)}) {
      const std::optional<UuidBytes> bytes = bytes_of_uuid(id);
      ASSERT_TRUE(bytes) << id;
      EXPECT_EQ(text_of_uuid(*bytes), id);
    }
  }
  const std::optional<UuidBytes> bytes = bytes_of_uuid("00112233-4455-6677-8899-aabbccddeeff");
  ASSERT_TRUE(bytes);
  for (std::size_t i = 0; i < bytes->size(); ++i) EXPECT_EQ((*bytes)[i], i * 0x11);
}

TEST(Ids, WhatIsNotWrittenAsAUuidIsNotPacked) {
  const std::string good = "0af76519-16cd-43dd-8448-eb211c80319c";
  ASSERT_TRUE(bytes_of_uuid(good));
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string other = good;
      other[at] = static_cast<char>(byte);
      const std::optional<UuidBytes> bytes = bytes_of_uuid(other);
      const bool is_digit = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f');
      EXPECT_EQ(bytes.has_value(), good[at] == '-' ? byte == '-' : is_digit) << other;
      if (bytes) EXPECT_EQ(text_of_uuid(*bytes), other);
    }
  }
  for (const std::string& text : {std::string(), good + "0", good.substr(1), "{" + good + "}"}) {
    EXPECT_FALSE(bytes_of_uuid(text)) << text;
  }
}

TEST(Ids, AVersion7UuidSaysItsMillisecondAndNoOtherDoes) {
  FastRandom random(5);
  const WallTime now{std::chrono::microseconds(1'700'000'000'123'456)};
  const std::string id = make_uuid7(now, random);
  EXPECT_EQ(millis_of_uuid7(id), 1'700'000'000'123);
  EXPECT_EQ(millis_of_uuid7(*bytes_of_uuid(id)), 1'700'000'000'123);
  EXPECT_EQ(millis_of_uuid7(make_uuid4(random)), -1);
  EXPECT_EQ(millis_of_uuid7("no id"), -1);
}

}  // namespace
}  // namespace gatehouse
