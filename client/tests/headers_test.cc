// The headers of the Portkey protocol, for every combination of parameters: what is expected is
// built here from a table of its own, one row a parameter.
#include <gtest/gtest.h>

#include <functional>

#include "base/random.h"
#include "client/tests/fake_gateway.h"
#include "gatehouse/portkey_params.h"
#include "json/value.h"

namespace gatehouse::client {
namespace {

using testing::Variable;

std::string some_text(Random& random) {
  static const std::vector<std::string> kTexts = {"a",
                                                  "user-123",
                                                  "with blank",
                                                  "quote\" and \\ slash",
                                                  "gr\xc3\xbc\xc3\x9f Gott",
                                                  "\xf0\x9f\x98\x80",
                                                  "a/b/c",
                                                  "{\"json\": 1}",
                                                  "tab\tand\nline",
                                                  "0",
                                                  "true"};
  return kTexts[random.bits() % kTexts.size()] + std::to_string(random.bits() % 100);
}

std::string some_token(Random& random) { return "t-" + std::to_string(random.bits() % 100'000); }

using Expected = std::map<std::string, json::Value>;

/// One parameter: sets it to something, and says which header that must become.
struct Row {
  const char* header;
  bool is_json;
  std::function<json::Value(PortkeyParams&, Random&)> set;
};

json::Value set_metadata(PortkeyParams& params, Random& random) {
  json::Object expected;
  const std::size_t count = 1 + random.bits() % 4;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string name = some_text(random) + std::to_string(i);
    MetadataValue value = some_text(random);
    json::Value meant = json::Value(std::get<std::string>(value));
    if (random.bits() % 4 == 0) meant = std::get<std::int64_t>(value = std::int64_t{-7});
    if (random.bits() % 4 == 1) meant = std::get<double>(value = 2.5);
    if (random.bits() % 4 == 2) meant = std::get<bool>(value = true);
    params.metadata.emplace_back(name, value);
    expected[name] = meant;
  }
  return expected;
}

json::Value set_retry(PortkeyParams& params, Random& random) {
  json::Object expected;
  params.retry.emplace();
  const std::uint64_t which = 1 + random.bits() % 7;
  if ((which & 1U) != 0) expected["max_retries"] = *(params.retry->max_retries = 3);
  if ((which & 2U) != 0) expected["backoff"] = *(params.retry->backoff = "exponential");
  if ((which & 4U) != 0) expected["jitter"] = *(params.retry->jitter = random.bits() % 2 == 0);
  return expected;
}

json::Value set_cache(PortkeyParams& params, Random& random) {
  json::Object expected;
  params.cache.emplace();
  const std::uint64_t which = 1 + random.bits() % 7;
  if ((which & 1U) != 0) expected["enabled"] = *(params.cache->enabled = random.bits() % 2 == 0);
  if ((which & 2U) != 0) expected["ttl"] = *(params.cache->ttl = 3600);
  if ((which & 4U) != 0) expected["namespace"] = *(params.cache->name_space = some_text(random));
  return expected;
}

template <std::string PortkeyParams::* member>
json::Value set_text(PortkeyParams& params, Random& random) {
  return json::Value(params.*member = some_token(random));
}

const std::vector<Row>& rows() {
  static const std::vector<Row> kRows = {
      {"x-portkey-api-key", false, set_text<&PortkeyParams::api_key>},
      {"x-portkey-provider", false, set_text<&PortkeyParams::provider>},
      {"x-portkey-virtual-key", false, set_text<&PortkeyParams::virtual_key>},
      {"x-portkey-trace-id", false, set_text<&PortkeyParams::trace_id>},
      {"x-portkey-metadata", true, set_metadata},
      {"x-portkey-retry", true, set_retry},
      {"x-portkey-cache", true, set_cache},
      {"x-portkey-cache-force-refresh", false,
       [](PortkeyParams& params, Random& random) {
         params.cache_force_refresh = random.bits() % 2 == 0;
         return json::Value(*params.cache_force_refresh ? "true" : "false");
       }},
      {"x-portkey-user", false, set_text<&PortkeyParams::user>},
      {"x-portkey-organization", false, set_text<&PortkeyParams::organization>},
      {"x-session-id", false,
       [](PortkeyParams& params, Random& random) {
         return json::Value(params.custom_headers["x-session-id"] = some_token(random));
       }},
  };
  return kRows;
}

/// The headers as the gateway understands them: JSON where JSON is meant, text otherwise.
Expected understood(const Headers& headers) {
  Expected values;
  for (const auto& [name, value] : headers) {
    const bool is_json =
        name == "x-portkey-metadata" || name == "x-portkey-retry" || name == "x-portkey-cache";
    if (is_json) {
      Result<json::Value> parsed = json::parse(value);
      values[name] = parsed ? *parsed : json::Value("not JSON: " + value);
    } else {
      values[name] = json::Value(value);
    }
  }
  return values;
}

TEST(Headers, AreThoseOfTheTableForEveryCombinationOfParameters) {
  FastRandom random(20'260'101);
  const std::uint64_t combinations = std::uint64_t{1} << rows().size();
  for (std::uint64_t chosen = 0; chosen < combinations; ++chosen) {
    PortkeyParams params;
    Expected expected;
    for (std::size_t i = 0; i < rows().size(); ++i) {
      const bool is_chosen = ((chosen >> i) & 1U) != 0;
      if (is_chosen) expected[rows()[i].header] = rows()[i].set(params, random);
    }
    ASSERT_EQ(understood(params.get_headers()), expected) << "combination " << chosen;
  }
}

TEST(Headers, HoldNothingThatCouldBreakTheLineOrIsNoAscii) {
  FastRandom random(7);
  for (int i = 0; i < 500; ++i) {
    PortkeyParams params;
    set_metadata(params, random);
    set_cache(params, random);
    for (const auto& [name, value] : params.get_headers()) {
      for (const char c : value) ASSERT_TRUE(c >= 0x20 && c < 0x7F) << name << ": " << value;
    }
  }
}

TEST(Headers, AreWrittenAsPythonWritesJson) {
  PortkeyParams params;
  params.metadata = {{"user", "J\xc3\xbcrgen"},
                     {"n", 3},
                     {"ratio", 2.0},
                     {"on", true},
                     {"\xf0\x9f\x98\x80", "\x7f"}};
  params.cache = CacheParams{.enabled = true, .ttl = 3600, .name_space = "my-app"};
  params.retry = RetryParams{.max_retries = 3, .backoff = "exponential", .jitter = true};
  Headers headers = params.get_headers();
  EXPECT_EQ(
      headers["x-portkey-metadata"],
      R"({"user": "J\u00fcrgen", "n": 3, "ratio": 2.0, "on": true, "\ud83d\ude00": "\u007f"})");
  EXPECT_EQ(headers["x-portkey-cache"], R"({"enabled": true, "ttl": 3600, "namespace": "my-app"})");
  EXPECT_EQ(headers["x-portkey-retry"],
            R"({"max_retries": 3, "backoff": "exponential", "jitter": true})");
}

TEST(Headers, AreNotSentForWhatIsEmpty) {
  PortkeyParams params;
  params.retry = RetryParams{};
  params.cache = CacheParams{};
  params.metadata = {};
  EXPECT_EQ(params.get_headers(), Headers{});
}

TEST(Headers, ACustomOneTakesThePlaceOfTheGatewaysWhateverItsCase) {
  PortkeyParams params;
  params.user = "first";
  params.custom_headers = {{"X-Portkey-User", "second"}};
  EXPECT_EQ(params.get_headers(), (Headers{{"x-portkey-user", "second"}}));
}

TEST(Headers, TheDummyKeyCountsAsNone) {
  PortkeyParams params;
  params.api_key = "xxx";
  EXPECT_EQ(params.get_headers(), Headers{});
  const Variable key("PORTKEY_API_KEY", "pk-from-the-environment");
  EXPECT_EQ(params.get_headers()["x-portkey-api-key"], "pk-from-the-environment");
}

}  // namespace
}  // namespace gatehouse::client
