#include "config/ip_address.h"

#include <gtest/gtest.h>
#include <netinet/in.h>

#include <string>
#include <string_view>

namespace gatehouse::config {
namespace {

TEST(IpAddress, ParsesAndShowsCanonicalNotations) {
  for (const std::string_view text : {"0.0.0.0", "127.0.0.1", "255.255.255.255", "::", "::1",
                                      "2001:db8::1", "::ffff:10.0.0.1", "fe80::1"}) {
    const auto address = IpAddress::parse(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(address->text(), text);
  }
}

TEST(IpAddress, RefusesEveryNotationThatParsersDisagreeAbout) {
  constexpr std::string_view kTexts[] = {"",
                                         "1",
                                         "127.1",
                                         "0177.0.0.1",
                                         "0x7f.0.0.1",
                                         "2130706433",
                                         "1.2.3.4.",
                                         "1.2.3.256",
                                         "1.2.3.4 ",
                                         "[::1]",
                                         "fe80::1%eth0",
                                         "::1::",
                                         "01.2.3.4",
                                         std::string_view("127.0.0.1\0x", 11)};
  for (const std::string_view text : kTexts) {
    EXPECT_FALSE(IpAddress::parse(text)) << text;
  }
}

TEST(IpAddress, ReadsSocketAddressesOfBothFamiliesAndNoOther) {
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(IpAddress::from(reinterpret_cast<const sockaddr&>(v4))->text(), "127.0.0.1");
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_addr = in6addr_loopback;
  EXPECT_EQ(IpAddress::from(reinterpret_cast<const sockaddr&>(v6))->text(), "::1");
  sockaddr other{};
  other.sa_family = AF_UNIX;
  EXPECT_FALSE(IpAddress::from(other));
}

TEST(IpAddress, KnowsLoopbackInEveryGuise) {
  for (const std::string_view text : {"127.0.0.1", "127.255.0.3", "::1", "::ffff:127.0.0.1"}) {
    EXPECT_TRUE(IpAddress::parse(text)->is_loopback()) << text;
  }
  for (const std::string_view text : {"0.0.0.0", "::", "10.0.0.1", "::2", "::ffff:10.0.0.1"}) {
    EXPECT_FALSE(IpAddress::parse(text)->is_loopback()) << text;
  }
}

TEST(IpAddress, FindsTheV4AddressInsideAV6Address) {
  constexpr std::pair<std::string_view, std::string_view> kCases[] = {
      {"::ffff:10.1.2.3", "10.1.2.3"},
      {"::10.1.2.3", "10.1.2.3"},
      {"2002:a01:203::", "10.1.2.3"},
      {"2002:a01:203:5::9", "10.1.2.3"},
      {"64:ff9b::a01:203", "10.1.2.3"},
      {"64:ff9b:1::a01:203", "10.1.2.3"},
      {"::ffff:0:a01:203", "10.1.2.3"},
      {"fe80::5efe:a01:203", "10.1.2.3"},
      {"2001:db8::200:5efe:a01:203", "10.1.2.3"},
      {"2001:0:1:2:3:4:f5fe:fdfc", "10.1.2.3"}};
  for (const auto& [text, inner] : kCases) {
    const auto found = embedded_v4(*IpAddress::parse(text));
    ASSERT_TRUE(found) << text;
    EXPECT_EQ(found->text(), inner) << text;
  }
  for (const std::string_view text : {"::", "::1", "2606:4700::1111", "10.1.2.3", "fe80::1"}) {
    EXPECT_FALSE(embedded_v4(*IpAddress::parse(text))) << text;
  }
}

TEST(IpRange, ContainsWhatSharesItsPrefixAndNothingElse) {
  const IpRange range = *IpRange::parse("172.16.0.0/12");
  EXPECT_TRUE(range.contains(*IpAddress::parse("172.16.0.0")));
  EXPECT_TRUE(range.contains(*IpAddress::parse("172.31.255.255")));
  EXPECT_FALSE(range.contains(*IpAddress::parse("172.32.0.0")));
  EXPECT_FALSE(range.contains(*IpAddress::parse("::ac10:0")));
  EXPECT_TRUE(IpRange::parse("0.0.0.0/0")->contains(*IpAddress::parse("9.9.9.9")));
  EXPECT_TRUE(IpRange::parse("fc00::/7")->contains(*IpAddress::parse("fd12::1")));
  EXPECT_FALSE(IpRange::parse("::1")->contains(*IpAddress::parse("::2")));
}

TEST(IpRange, ParsesAndShowsPrefixes) {
  EXPECT_EQ(IpRange::parse("10.0.0.0/8")->text(), "10.0.0.0/8");
  EXPECT_EQ(IpRange::parse("192.0.2.1")->text(), "192.0.2.1");
  for (const std::string_view text : {"10.0.0.0/33", "10.0.0.0/", "10/8", "::/129", "::/-1", "x"}) {
    EXPECT_FALSE(IpRange::parse(text)) << text;
  }
}

}  // namespace
}  // namespace gatehouse::config
