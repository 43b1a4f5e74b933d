#include "main/commands/keys.h"

#include <gtest/gtest.h>

#include "store/memory/memory_key_store.h"

namespace gatehouse::commands {
namespace {

const WallTime kNow{std::chrono::seconds(1'700'000'000)};

class KeysCommandTest : public testing::Test {
 protected:
  Printed create(const NewKeyFlags& flags) {
    const Result<Printed> printed = create_key(keys_, flags, kNow);
    EXPECT_TRUE(printed) << printed.error()->message;
    return printed.value_or(Printed{});
  }
  std::string refusal(const NewKeyFlags& flags) {
    const Result<Printed> printed = create_key(keys_, flags, kNow);
    EXPECT_FALSE(printed);
    return printed ? "" : printed.error()->message;
  }

  store::MemoryKeyStore keys_;
};

TEST_F(KeysCommandTest, CreatePrintsNothingButTheKey) {
  const Printed printed = create({"laptop", "30d", ""});
  ASSERT_EQ(printed.out.size(), 44U);
  EXPECT_EQ(printed.out.back(), '\n');
  const std::string text = printed.out.substr(0, 43);
  const auto stored = keys_.find(auth::hash_key(text));
  ASSERT_TRUE(stored && stored->has_value());
  EXPECT_EQ((*stored)->name, "laptop");
  EXPECT_EQ((*stored)->expires, kNow + std::chrono::days(30));
  EXPECT_FALSE((*stored)->scopes.has(exchange::Scope::admin));
  EXPECT_EQ(printed.note.find(text), std::string::npos);
}

TEST_F(KeysCommandTest, CreateTakesScopes) {
  create({"reader", "", "logs.list,logs.view"});
  EXPECT_EQ(keys_.list()->front().scopes,
            (exchange::ScopeSet{exchange::Scope::logs_list, exchange::Scope::logs_view}));
  EXPECT_NE(refusal({"bad", "", "logs"}).find("completions.write"), std::string::npos);
}

TEST_F(KeysCommandTest, CreateRefusesAnExpiryThatIsNoneOrOver) {
  EXPECT_NE(refusal({"k", "soon", ""}).find("30d"), std::string::npos);
  EXPECT_NE(refusal({"k", "2020-01-01", ""}).find("past"), std::string::npos);
  EXPECT_TRUE(keys_.list()->empty());
}

TEST_F(KeysCommandTest, ListShowsStateAndScopesButNoKey) {
  const std::string text = create({"laptop", "1h", ""}).out.substr(0, 43);
  create({"server", "", "admin"});
  ASSERT_TRUE(revoke_key(keys_, keys_.list()->at(1).id, kNow));
  const Result<Printed> printed = list_keys(keys_, kNow + std::chrono::hours(2));
  ASSERT_TRUE(printed);
  for (const char* part : {"laptop", "expired", "server", "revoked 2023-11-14", "admin"}) {
    EXPECT_NE(printed->out.find(part), std::string::npos) << part;
  }
  EXPECT_NE(printed->out.find("gh-****" + text.substr(39)), std::string::npos);
  EXPECT_EQ(printed->out.find(text.substr(3, 20)), std::string::npos);
}

TEST_F(KeysCommandTest, ListOfNoneSaysHowToMakeOne) {
  const Result<Printed> printed = list_keys(keys_, kNow);
  ASSERT_TRUE(printed);
  EXPECT_EQ(printed->out, "");
  EXPECT_NE(printed->note.find("keys create"), std::string::npos);
}

TEST_F(KeysCommandTest, RevokeOfAnUnknownIdSaysWhereTheIdsAre) {
  const Result<Printed> printed = revoke_key(keys_, "key_none", kNow);
  ASSERT_FALSE(printed);
  EXPECT_NE(printed.error()->message.find("keys list"), std::string::npos);
}

}  // namespace
}  // namespace gatehouse::commands
