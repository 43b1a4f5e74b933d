#include "logs/credential_scan.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "base/random.h"
#include "json/key_scan.h"

namespace gatehouse::logs {
namespace {

using Extents = std::vector<std::pair<std::size_t, std::size_t>>;

std::size_t end_of_string(std::string_view text, std::size_t at) {
  while (at < text.size() && text[at] != '"') at += text[at] == '\\' ? 2 : 1;
  return std::min(at, text.size());
}

/// The same by walking through all keys.
std::optional<Extent> next_by_keys(std::string_view text, std::size_t at) {
  json::KeyScan keys(text.substr(at));
  while (keys.next()) {
    const std::string_view value = keys.after();
    if (!is_credential_name(keys.key()) || !value.starts_with('"')) continue;
    // A name ends as one of the known ones does, without dashes in its last letters.
    const bool is_json = keys.key().ends_with("on") && !keys.key().ends_with("ion");
    const std::size_t last = is_json ? 4 : 3;
    if (keys.key().substr(keys.key().size() - last).find_first_of("-_") != std::string_view::npos) {
      continue;
    }
    const std::size_t begin = text.size() - value.size() + 1;
    return Extent{begin, end_of_string(text, begin)};
  }
  return std::nullopt;
}

template <class Next>
Extents all_in(std::string_view text, Next next) {
  Extents all;
  for (auto found = next(text, 0); found; found = next(text, found->end)) {
    all.emplace_back(found->begin, found->end);
  }
  return all;
}

/// JSON and near misses, so that quotes, colons, escapes and names meet in every way.
std::string random_text(Random& random, std::size_t pieces) {
  constexpr std::array<std::string_view, 34> kPieces = {
      "\"",
      "\"",
      "\"",
      "\"",
      ":",
      ":",
      "\":",
      "\":\"",
      "\" : \"",
      "\\",
      "\\\"",
      "\\\\",
      " ",
      "\n",
      "\t\r ",
      ",",
      "{",
      "\",\"",
      "api_key",
      "apiKey",
      "API-KEY",
      "api_ke-y",
      "authToken",
      "Authorization",
      "password",
      "passwd",
      "\"cookie\"",
      "client_secret",
      "service_account_json",
      "js-on",
      "max_tokens",
      "key",
      "a sentence of more than forty-eight letters, or so it is",
      "\xc3\xa9"};
  std::string text;
  while (pieces-- > 0) text += kPieces[random.bits() % kPieces.size()];
  return text;
}

TEST(CredentialScan, FindsWhatAWalkThroughAllKeysFinds) {
  FastRandom random(7);
  std::size_t found = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = random_text(random, 1 + random.bits() % 40);
    const Extents expected = all_in(text, next_by_keys);
    ASSERT_EQ(all_in(text, next_credential), expected) << text;
    found += expected.size();
  }
  EXPECT_GT(found, 1000U);
}

TEST(CredentialScan, FindsTheSameWhereverATextIsCut) {
  FastRandom random(11);
  for (int i = 0; i < 100; ++i) {
    const std::string text = random_text(random, 40);
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
      const std::string_view head = std::string_view(text).substr(0, cut);
      ASSERT_EQ(all_in(head, next_credential), all_in(head, next_by_keys)) << head;
      const std::string_view tail = std::string_view(text).substr(cut);
      ASSERT_EQ(all_in(tail, next_credential), all_in(tail, next_by_keys)) << tail;
    }
  }
}

TEST(CredentialScan, FindsAFieldAtEveryPlaceOfABlock) {
  for (std::size_t before = 0; before < 200; ++before) {
    for (const std::size_t behind : {0U, 1U, 63U, 64U, 65U}) {
      const std::string text = std::string(before, 'x') + R"("api_key":"secret")";
      const auto found = next_credential(text + std::string(behind, 'y'), 0);
      ASSERT_TRUE(found) << before;
      EXPECT_EQ(found->begin, before + 11);
      EXPECT_EQ(found->end, before + 17);
    }
  }
}

TEST(CredentialScan, KnowsNamesInAnySpelling) {
  for (const char* name : {"api_key", "X-API-Key", "openaiApiKey", "aws_session_token"}) {
    EXPECT_TRUE(is_credential_name(name)) << name;
  }
  for (const char* name : {"", "key", "token", "max_tokens", "model", "apikeys"}) {
    EXPECT_FALSE(is_credential_name(name)) << name;
  }
}

}  // namespace
}  // namespace gatehouse::logs
