#include "config/custom_host.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "config/address_rules.h"

namespace gatehouse::config {
namespace {

TrustedHosts trusting(std::vector<std::string> entries) {
  return TrustedHosts::from(entries).value();
}

struct Refusal {
  std::string_view url;
  std::string_view reason;  // part of the message
};

class RefusedWithoutTrust : public testing::TestWithParam<Refusal> {};

TEST_P(RefusedWithoutTrust, SaysWhy) {
  const auto host = validate_custom_host(GetParam().url, TrustedHosts{});
  ASSERT_FALSE(host) << GetParam().url;
  EXPECT_EQ(host.error()->code, ErrorCode::custom_host_blocked);
  EXPECT_EQ(host.error()->origin, Origin::client);
  EXPECT_TRUE(host.error()->message.starts_with("Invalid custom host: ")) << host.error()->message;
  EXPECT_NE(host.error()->message.find(GetParam().reason), std::string::npos)
      << GetParam().url << " -> " << host.error()->message;
}

constexpr Refusal kMalformed[] = {
    {"", "empty"},
    {"https://", "names no host"},
    {"https:///v1", "names no host"},
    {"https://:443", "names no host"},
    {"https://a.example\r\nHost: b", "control character"},
    {std::string_view("https://a.example/\0v1", 21), "control character"},
    {"https://a.example/\tv1", "control character"},
    {" https://a.example", "space"},
    {"https://a.example\\@b.example", "may not hold"},
    {"https://\xd0\xb0.example", "may not hold"},
    {"ftp://a.example", "http:// or https://"},
    {"file:///etc/passwd", "http:// or https://"},
    {"gopher://a.example:70/_x", "http:// or https://"},
    {"javascript:alert(1)", "http:// or https://"},
    {"//a.example/v1", "http:// or https://"},
    {"a.example/v1", "http:// or https://"},
    {"https:/a.example", "http:// or https://"},
    {"https://user@a.example", "'@'"},
    {"https://user:secret@a.example/v1", "'@'"},
    {"https://a.example/@b", "'@'"},
    {"https://a.example?x=1", "query"},
    {"https://a.example#x", "fragment"},
    {"https://a%2eexample", "characters other"},
    {"https://127.0.0.1%00.example", "characters other"},
    {"https://a!b.example", "characters other"},
    {"https://a.example.", "ends in a dot"},
    {"https://.a.example", "empty label"},
    {"https://a..example", "empty label"},
    {"https://a_b.example", "underscore"},
    {"https://a.example:0", "1 to 65535"},
    {"https://a.example:65536", "1 to 65535"},
    {"https://a.example:-1", "1 to 65535"},
    {"https://a.example:4x", "1 to 65535"},
    {"https://a.example:", "do not parse"},
    {"https://[::1", "do not parse"},
    {"https://[::1]x", "do not parse"},
    {"https://[fe80::1%eth0]", "IPv6 address does not parse"},
    {"https://[127.0.0.1]", "IPv6 address does not parse"},
    {"https://a.b.c.d.e.f.g.h.i.j.k", "more than 10 labels"},
    {"https://api.portkey.ai/v1", "gateway itself"},
    {"https://eu.api.portkey.example", "gateway itself"},
    {"https://xn--80ak6aa92e.com", "xn--"},
    {"https://a.xn--p1ai", "xn--"},
};
INSTANTIATE_TEST_SUITE_P(Malformed, RefusedWithoutTrust, testing::ValuesIn(kMalformed));

constexpr Refusal kDisguised[] = {
    {"http://2130706433/", "unusual notation"},
    {"http://0x7f000001/", "unusual notation"},
    {"http://0X7F000001/", "unusual notation"},
    {"http://017700000001/", "unusual notation"},
    {"http://0177.0.0.1/", "unusual notation"},
    {"http://0x7f.0.0.1/", "unusual notation"},
    {"http://127.1/", "unusual notation"},
    {"http://127.0.1/", "unusual notation"},
    {"http://0/", "unusual notation"},
    {"http://1.2.3.4.5/", "unusual notation"},
    {"http://127.0.0.0x1/", "unusual notation"},
    {"http://256.1.1.1/", "unusual notation"},
    {"http://a.example.0x/", "unusual notation"},
};
INSTANTIATE_TEST_SUITE_P(DisguisedAddresses, RefusedWithoutTrust, testing::ValuesIn(kDisguised));

constexpr Refusal kInternalHosts[] = {
    {"http://0.0.0.0/", "private"},
    {"http://10.0.0.1/", "private"},
    {"http://10.255.255.255/", "private"},
    {"http://172.16.0.1/", "private"},
    {"http://172.31.255.255/", "private"},
    {"http://192.168.1.1/", "private"},
    {"http://127.0.0.1:8080/", "private"},
    {"http://127.9.9.9/", "private"},
    {"http://169.254.1.1/", "private"},
    {"http://100.64.0.1/", "private"},
    {"http://100.127.255.255/", "private"},
    {"http://0.1.2.3/", "private"},
    {"http://224.0.0.1/", "private"},
    {"http://239.255.255.255/", "private"},
    {"http://240.0.0.1/", "private"},
    {"http://255.255.255.255/", "private"},
    {"http://192.0.0.1/", "private"},
    {"http://192.0.2.1/", "private"},
    {"http://198.18.0.1/", "private"},
    {"http://198.51.100.1/", "private"},
    {"http://203.0.113.1/", "private"},
    {"http://192.88.99.1/", "private"},
    {"http://[::]/", "private"},
    {"http://[::1]/", "private"},
    {"http://[fc00::1]/", "private"},
    {"http://[fd12:3456::1]/", "private"},
    {"http://[fe80::1]/", "private"},
    {"http://[fec0::1]/", "private"},
    {"http://[ff02::1]/", "private"},
    {"http://[2001::1]/", "private"},
    {"http://[2001:db8::1]/", "private"},
    {"http://[100::1]/", "private"},
    {"http://[100:0:0:1::1]/", "private"},
    {"http://[::ffff:127.0.0.1]/", "private"},
    {"http://[::ffff:7f00:1]/", "private"},
    {"http://[::127.0.0.1]/", "private"},
    {"http://[2002:7f00:1::]/", "private"},
    {"http://[2002:c0a8:101::]/", "private"},
    {"http://[64:ff9b::7f00:1]/", "private"},
    {"http://[64:ff9b:1::808:808]/", "private"},
    {"http://localhost/", "internal domain"},
    {"http://LOCALHOST:8787/", "internal domain"},
    {"http://app.localhost/", "internal domain"},
    {"http://printer.local/", "internal domain"},
    {"http://x.localdomain/", "internal domain"},
    {"http://vault.internal/", "internal domain"},
    {"http://host.docker.internal/", "internal domain"},
    {"http://wiki.intranet/", "internal domain"},
    {"http://nas.lan/", "internal domain"},
    {"http://nas.home/", "internal domain"},
    {"http://git.corp/", "internal domain"},
    {"http://a.test/", "internal domain"},
    {"http://a.invalid/", "internal domain"},
    {"http://a.onion/", "internal domain"},
};
INSTANTIATE_TEST_SUITE_P(Internal, RefusedWithoutTrust, testing::ValuesIn(kInternalHosts));

constexpr Refusal kNever[] = {
    {"http://169.254.169.254/latest/meta-data", "metadata service"},
    {"http://169.254.169.1/", "metadata service"},
    {"http://169.254.170.2/", "metadata service"},
    {"http://169.254.170.23/", "metadata service"},
    {"http://100.100.100.200/", "metadata service"},
    {"http://168.63.129.16/", "metadata service"},
    {"http://192.0.0.192/", "metadata service"},
    {"http://[fd00:ec2::254]/", "metadata service"},
    {"http://[::ffff:169.254.169.254]/", "metadata service"},
    {"http://[2002:a9fe:a9fe::]/", "metadata service"},
    {"http://[64:ff9b::a9fe:a9fe]/", "metadata service"},
    {"http://metadata/", "metadata service"},
    {"http://instance-data/", "metadata service"},
    {"http://metadata.google.internal/", "metadata service"},
    {"http://metadata.azure.com/", "metadata service"},
    {"http://kubernetes/", "cluster"},
    {"http://kubernetes.default.svc/", "cluster"},
    {"http://api.default.svc.cluster.local/", "cluster"},
    {"http://ip-10-0-0-1.ec2.compute.internal/", "cluster"},
    {"http://x.consul/", "cluster"},
    {"http://127.0.0.1.nip.io/", "rebinding"},
    {"http://10-0-0-1.sslip.io/", "rebinding"},
    {"http://a.xip.io/", "rebinding"},
    {"http://localtest.me/", "rebinding"},
    {"http://a.lvh.me/", "rebinding"},
    {"http://vcap.me/", "rebinding"},
    {"http://a.traefik.me/", "rebinding"},
    {"http://a.localhost.run/", "rebinding"},
    {"http://llm.example.com:22/", "port"},
    {"http://llm.example.com:25/", "port"},
    {"http://llm.example.com:445/", "port"},
    {"http://llm.example.com:3306/", "port"},
    {"http://llm.example.com:5432/", "port"},
    {"http://llm.example.com:6379/", "port"},
    {"http://llm.example.com:6443/", "port"},
    {"http://llm.example.com:9200/", "port"},
    {"http://llm.example.com:27017/", "port"},
};
INSTANTIATE_TEST_SUITE_P(Never, RefusedWithoutTrust, testing::ValuesIn(kNever));

class RefusedDespiteTrust : public testing::TestWithParam<Refusal> {};

TEST_P(RefusedDespiteTrust, BecauseNoOperatorCanMeanIt) {
  const TrustedHosts everyone =
      trusting({"0.0.0.0/0", "::/0", "metadata", "instance-data", "kubernetes", "localtest.me",
                "vcap.me", "*.com", "*.internal", "*.svc", "*.local", "*.consul", "*.io", "*.me",
                "*.run", "127.0.0.1"});
  const auto host = validate_custom_host(GetParam().url, everyone);
  ASSERT_FALSE(host) << GetParam().url;
  EXPECT_NE(host.error()->message.find(GetParam().reason), std::string::npos);
}
INSTANTIATE_TEST_SUITE_P(Never, RefusedDespiteTrust, testing::ValuesIn(kNever));
INSTANTIATE_TEST_SUITE_P(Disguised, RefusedDespiteTrust, testing::ValuesIn(kDisguised));
INSTANTIATE_TEST_SUITE_P(Malformed, RefusedDespiteTrust, testing::ValuesIn(kMalformed));

TEST(CustomHost, TakesPublicHostsAndGivesTheirParts) {
  const auto host = validate_custom_host("HTTPS://LLM.Example.com/openai/v1/", TrustedHosts{});
  ASSERT_TRUE(host) << host.error()->message;
  EXPECT_EQ(host->trust, HostTrust::untrusted);
  EXPECT_EQ(host->url, (Url{Scheme::https, "llm.example.com", 443, "/openai/v1"}));
  EXPECT_EQ(host->url.text(), "https://llm.example.com/openai/v1");
}

TEST(CustomHost, TakesEveryUsualFormOfAPublicUrl) {
  constexpr std::pair<std::string_view, std::string_view> kCases[] = {
      {"http://llm.example.com", "http://llm.example.com"},
      {"http://llm.example.com:80/v1", "http://llm.example.com/v1"},
      {"http://llm.example.com:8000/v1", "http://llm.example.com:8000/v1"},
      {"https://8.8.8.8/v1", "https://8.8.8.8/v1"},
      {"https://[2606:4700:0:0::1111]:8443", "https://[2606:4700::1111]:8443"},
      {"https://[64:ff9b::808:808]/", "https://[64:ff9b::808:808]"},
      {"https://a.b.c.d.e.f.g.h.i.j", "https://a.b.c.d.e.f.g.h.i.j"},
      {"https://metadata.example.com/v1", "https://metadata.example.com/v1"},
      {"https://mylocal.example/v1", "https://mylocal.example/v1"},
      {"https://notnip.io/v1", "https://notnip.io/v1"},
      {"https://a.example/x%20y/v1", "https://a.example/x%20y/v1"}};
  for (const auto& [given, canonical] : kCases) {
    const auto host = validate_custom_host(given, TrustedHosts{});
    ASSERT_TRUE(host) << given << ": " << host.error()->message;
    EXPECT_EQ(host->url.text(), canonical);
  }
}

TEST(CustomHost, RefusesWhatIsLongerThanAUrlMayBe) {
  const std::string fits = "https://a.example/" + std::string(2048 - 18, 'x');
  EXPECT_TRUE(validate_custom_host(fits, TrustedHosts{}));
  EXPECT_FALSE(validate_custom_host(fits + "x", TrustedHosts{}));
}

TEST(CustomHost, NeverRepeatsThePasswordOfAUrl) {
  const auto host = validate_custom_host("https://user:hunter2@a.example", TrustedHosts{});
  EXPECT_EQ(host.error()->message.find("hunter2"), std::string::npos);
}

TEST(CustomHost, TakesInternalHostsThatAnOperatorTrusts) {
  const TrustedHosts trusted =
      trusting({"localhost", "127.0.0.1", "[::1]", "LLM.corp", "*.gpu.lan", "10.1.0.0/16"});
  for (const std::string_view url :
       {"http://localhost:11434/v1", "http://app.localhost/", "http://127.0.0.1:8000/v1",
        "http://[::1]:8000", "http://llm.corp/v1", "http://a.gpu.lan", "http://a.b.gpu.lan",
        "http://10.1.2.3:8000"}) {
    const auto host = validate_custom_host(url, trusted);
    ASSERT_TRUE(host) << url << ": " << host.error()->message;
    EXPECT_EQ(host->trust, HostTrust::trusted) << url;
  }
  for (const std::string_view url : {"http://127.0.0.2", "http://gpu.lan", "http://xgpu.lan",
                                     "http://a.llm.corp", "http://10.2.0.1"}) {
    EXPECT_FALSE(validate_custom_host(url, trusted)) << url;
  }
}

TEST(TrustedHosts, RefuseEntriesThatCanNeverMatch) {
  for (const std::string entry : {"", "*", "*.", "http://a.example", "a.example:80", "a/b", "."}) {
    const std::vector<std::string> entries = {entry};
    const auto trusted = TrustedHosts::from(entries);
    ASSERT_FALSE(trusted) << entry;
    EXPECT_EQ(trusted.error()->code, ErrorCode::invalid_config);
  }
}

bool allowed(std::string_view address, const TrustedHosts& trusted, std::string_view host) {
  return is_address_allowed(*IpAddress::parse(address), trusted, host);
}

TEST(ResolvedAddress, MustBePublicWhenNobodyVouchesForTheHost) {
  const TrustedHosts nobody;
  for (const std::string_view address :
       {"8.8.8.8", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"}) {
    EXPECT_TRUE(allowed(address, nobody, "llm.example.com")) << address;
  }
  for (const std::string_view address :
       {"127.0.0.1", "10.0.0.1", "192.168.0.1", "169.254.169.254", "0.0.0.0", "::1", "fd00::1",
        "::ffff:10.0.0.1", "2002:a00:1::", "64:ff9b::a00:1", "fe80::5efe:a00:1"}) {
    EXPECT_FALSE(allowed(address, nobody, "llm.example.com")) << address;
  }
}

TEST(ResolvedAddress, MayBeInternalForATrustedHostOrATrustedAddress) {
  const TrustedHosts trusted = trusting({"llm.corp", "10.9.0.0/16"});
  EXPECT_TRUE(allowed("192.168.0.7", trusted, "llm.corp"));
  EXPECT_TRUE(allowed("10.9.1.1", trusted, "gpu.example.com"));
  EXPECT_FALSE(allowed("10.8.1.1", trusted, "gpu.example.com"));
}

TEST(ResolvedAddress, IsNeverAMetadataServiceWhoeverVouches) {
  const TrustedHosts trusted = trusting({"llm.corp", "0.0.0.0/0", "::/0"});
  for (const std::string_view address :
       {"169.254.169.254", "169.254.170.2", "100.100.100.200", "168.63.129.16", "fd00:ec2::254",
        "::ffff:169.254.169.254", "fd20:ce::254"}) {
    EXPECT_FALSE(allowed(address, trusted, "llm.corp")) << address;
  }
}

}  // namespace
}  // namespace gatehouse::config
