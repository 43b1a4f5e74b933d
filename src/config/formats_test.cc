#include "config/formats.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace gatehouse::config {
namespace {

using std::chrono::milliseconds;

TEST(Durations, HaveAUnit) {
  constexpr std::pair<std::string_view, long> kCases[] = {
      {"500ms", 500},      {"30s", 30'000}, {"2m", 120'000}, {"1h", 3'600'000},
      {"7d", 604'800'000}, {"0", 0},        {"0s", 0},       {"5 s", 5'000}};
  for (const auto& [text, millis] : kCases)
    EXPECT_EQ(parse_duration(text), milliseconds(millis)) << text;
  for (const std::string_view text : {"", "30", "s", "-1s", "1.5s", "1x", "1h30m", "30S",
                                      "99999999999999999999s", "9999999999h"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(Durations, AreShownInTheLargestUnitThatFits) {
  EXPECT_EQ(show_duration(milliseconds(1500)), "1500ms");
  EXPECT_EQ(show_duration(milliseconds(75'000)), "75s");
  EXPECT_EQ(show_duration(milliseconds(120'000)), "2m");
  EXPECT_EQ(show_duration(milliseconds(86'400'000)), "1d");
  EXPECT_EQ(show_duration(milliseconds(0)), "0");
}

TEST(Durations, MayBeZeroOnlyWhereZeroMeansOff) {
  EXPECT_FALSE(DurationFormat<Zero::refused>::parse("0"));
  EXPECT_EQ(DurationFormat<Zero::means_off>::parse("0"), milliseconds(0));
}

TEST(Sizes, HaveBinaryOrDecimalUnitsOrNone) {
  constexpr std::pair<std::string_view, std::uint64_t> kCases[] = {
      {"0", 0},           {"4096", 4096},    {"64KiB", 65536},      {"64kib", 65536},
      {"1MB", 1'000'000}, {"1MiB", 1048576}, {"2 GiB", 2147483648}, {"1TB", 1'000'000'000'000},
      {"12B", 12}};
  for (const auto& [text, bytes] : kCases) EXPECT_EQ(parse_size(text), bytes) << text;
  for (const std::string_view text : {"", "KiB", "-1", "1.5MiB", "64k", "1XB", "99999999TiB"}) {
    EXPECT_FALSE(parse_size(text)) << text;
  }
}

TEST(Sizes, AreShownInTheLargestBinaryUnitThatFits) {
  EXPECT_EQ(show_size(65536), "64KiB");
  EXPECT_EQ(show_size(65537), "65537");
  EXPECT_EQ(show_size(1024ULL * 1024 * 1024), "1GiB");
  EXPECT_EQ(show_size(0), "0");
}

TEST(Counts, KeepToTheirBounds) {
  EXPECT_EQ((CountFormat<1, 9>::parse("9")), 9U);
  for (const std::string_view text : {"0", "10", "-1", "1.0", "one", ""}) {
    EXPECT_FALSE((CountFormat<1, 9>::parse(text))) << text;
  }
}

TEST(ListenAddresses, AreNumericWithAPort) {
  constexpr std::pair<std::string_view, std::string_view> kCases[] = {
      {"127.0.0.1:8787", "127.0.0.1:8787"}, {"0.0.0.0:80", "0.0.0.0:80"},
      {"[::]:8787", "[::]:8787"},           {"[0:0::1]:0", "[::1]:0"},
      {"localhost:8080", "127.0.0.1:8080"}, {"9000", "127.0.0.1:9000"}};
  for (const auto& [text, canonical] : kCases) {
    const auto address = ListenFormat::parse(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(address->text(), canonical);
  }
  for (const std::string_view text : {"", ":8787", "127.0.0.1", "127.0.0.1:", "127.0.0.1:70000",
                                      "::1:8787", "[127.0.0.1]:80", "example.com:80"}) {
    EXPECT_FALSE(ListenFormat::parse(text)) << text;
  }
}

TEST(ListenAddresses, KnowWhetherOnlyThisMachineReachesThem) {
  EXPECT_TRUE(parse_listen_address("127.0.0.1:1")->is_loopback());
  EXPECT_TRUE(parse_listen_address("[::1]:1")->is_loopback());
  EXPECT_FALSE(parse_listen_address("0.0.0.0:1")->is_loopback());
  EXPECT_FALSE(parse_listen_address("[::]:1")->is_loopback());
}

TEST(BaseUrls, MayHoldPlaceholdersAndLoseTheirLastSlash) {
  EXPECT_EQ(BaseUrlFormat::parse("https://a.example/v1/"), "https://a.example/v1");
  EXPECT_EQ(BaseUrlFormat::parse("http://my_service:8000"), "http://my_service:8000");
  EXPECT_EQ(BaseUrlFormat::parse("https://{resource}.example.com/openai"),
            "https://{resource}.example.com/openai");
  for (const std::string_view text : {"", "a.example", "ftp://a", "https://u:p@a", "https://a b"}) {
    EXPECT_FALSE(BaseUrlFormat::parse(text)) << text;
  }
}

TEST(AuthTemplates, AreNoneOrAHeaderWithTheKey) {
  for (const std::string_view text : {"none", "Authorization: Bearer {key}", "api-key: {key}"}) {
    EXPECT_EQ(AuthTemplateFormat::parse(text), text);
  }
  for (const std::string_view text :
       {"", "bearer", "{key}", "api key: {key}", "api-key: key", "a: {key}\r\nb: c"}) {
    EXPECT_FALSE(AuthTemplateFormat::parse(text)) << text;
  }
}

TEST(Secrets, AreMaskedAndCannotBreakALine) {
  EXPECT_EQ(SecretFormat::show(Secret("sk-0123456789abcdef")), "****cdef");
  EXPECT_EQ(SecretFormat::show(Secret()), "");
  EXPECT_FALSE(SecretFormat::parse("sk-1\r\nx: y"));
}

TEST(Files, MustBeReadable) {
  const std::filesystem::path file = std::filesystem::path(testing::TempDir()) / "a_file.pem";
  std::ofstream(file) << "x";
  EXPECT_TRUE(FileFormat::parse(file.string()));
  std::filesystem::remove(file);
  EXPECT_FALSE(FileFormat::parse(file.string()));
  EXPECT_FALSE(FileFormat::parse(testing::TempDir()));
  EXPECT_EQ(FileFormat::parse(""), "") << "none at all";
}

TEST(HeaderNames, AreTokensInLowerCase) {
  EXPECT_EQ(HeaderNameFormat::parse("X-Session-Id"), "x-session-id");
  for (const std::string_view text : {"", "a b", "a:b", "a\n", "\xc3\xa4"}) {
    EXPECT_FALSE(HeaderNameFormat::parse(text)) << text;
  }
}

}  // namespace
}  // namespace gatehouse::config
