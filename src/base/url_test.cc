#include "base/url.h"

#include <gtest/gtest.h>

namespace gatehouse {
namespace {

TEST(Url, NamesItsPortUnlessTheSchemeDoes) {
  EXPECT_EQ((Url{Scheme::https, "a.example", 443, "/v1"}.text()), "https://a.example/v1");
  EXPECT_EQ((Url{Scheme::http, "a.example", 443, ""}.text()), "http://a.example:443");
  EXPECT_EQ((Url{Scheme::http, "a.example", 80, ""}.authority()), "a.example");
  EXPECT_EQ((Url{Scheme::https, "a.example", 65535, ""}.authority()), "a.example:65535");
}

TEST(Url, PutsAnIpv6AddressInBrackets) {
  EXPECT_EQ((Url{Scheme::https, "::1", 8443, ""}.authority()), "[::1]:8443");
  EXPECT_EQ((Url{Scheme::http, "fd00::2", 80, "/x"}.text()), "http://[fd00::2]/x");
}

}  // namespace
}  // namespace gatehouse
