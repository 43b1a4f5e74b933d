#include "cache/read_header.h"

#include <gtest/gtest.h>

namespace gatehouse::cache {
namespace {

using exchange::CacheMode;
using exchange::CacheRefresh;
using exchange::CacheSettings;

CacheSettings read(std::string_view header) {
  const Result<CacheSettings> settings = read_header({header, {}, {}});
  EXPECT_TRUE(settings) << settings.error()->message;
  return settings.value_or(CacheSettings{});
}

TEST(ReadHeader, WithoutAnyFieldTheCacheIsOff) {
  EXPECT_EQ(*read_header({}), CacheSettings{});
  EXPECT_TRUE(HeaderWishes{}.are_absent());
}

TEST(ReadHeader, ABareWordIsAMode) {
  EXPECT_EQ(read("simple").mode, CacheMode::simple);
  EXPECT_EQ(read("\"semantic\"").mode, CacheMode::semantic);
  EXPECT_EQ(read("true").mode, CacheMode::simple);
  EXPECT_EQ(read("false").mode, CacheMode::none);
}

TEST(ReadHeader, AnObjectIsReadInTheFormOfClientLibraries) {
  const CacheSettings settings = read(R"({"enabled": true, "ttl": 3600, "namespace": "team-a"})");
  EXPECT_EQ(settings.mode, CacheMode::simple);
  EXPECT_EQ(settings.max_age, std::chrono::hours(1));
  EXPECT_EQ(settings.name_space, "team-a");
  EXPECT_EQ(read(R"({"enabled":false,"ttl":3600})").mode, CacheMode::none);
  EXPECT_EQ(read(R"({"ttl":null,"namespace":null})").mode, CacheMode::simple);
}

TEST(ReadHeader, AnObjectIsReadInTheFormOfAConfig) {
  const CacheSettings settings = read(R"({"mode":"semantic","max_age":1})");
  EXPECT_EQ(settings.mode, CacheMode::semantic);
  EXPECT_EQ(settings.max_age, std::chrono::seconds(1));
}

TEST(ReadHeader, OnlyTheWordTrueRefreshes) {
  EXPECT_EQ(read_header({"simple", {}, "true"})->refresh, CacheRefresh::forced);
  for (const char* other : {"false", "True", "1", ""}) {
    EXPECT_EQ(read_header({"simple", {}, other})->refresh, CacheRefresh::no) << other;
  }
}

TEST(ReadHeader, ANamespaceFieldOfItsOwnTakesTheOtherOnesPlace) {
  EXPECT_EQ(read_header({R"({"namespace":"a"})", "b", {}})->name_space, "b");
}

TEST(ReadHeader, WhatCannotBeReadIsRefusedWithWhatIsAllowed) {
  for (const char* bad :
       {"often", "{", "[]", R"({"mode":"often"})", R"({"ttl":0})", R"({"ttl":"1h"})",
        R"({"ttl":1.5})", R"({"namespace":7})", R"({"enabled":"yes"})"}) {
    const Result<CacheSettings> settings = read_header({bad, {}, {}});
    ASSERT_FALSE(settings) << bad;
    EXPECT_EQ(settings.error()->code, ErrorCode::invalid_config);
    EXPECT_NE(settings.error()->message.find("Allowed are simple, semantic"), std::string::npos);
  }
}

TEST(Combined, AConfigsModeAndAgeWinOverTheHeaders) {
  CacheSettings config;
  config.mode = CacheMode::simple;
  config.name_space = "config's";
  const CacheSettings header = *read_header({R"({"mode":"semantic","ttl":5})", "header's", "true"});
  const CacheSettings both = combined(config, header);
  EXPECT_EQ(both.mode, CacheMode::simple);
  EXPECT_EQ(both.max_age, std::nullopt);
  EXPECT_EQ(both.name_space, "header's");
  EXPECT_EQ(both.refresh, CacheRefresh::forced);
  EXPECT_EQ(combined(config, {}), config);
}

}  // namespace
}  // namespace gatehouse::cache
