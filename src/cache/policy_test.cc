#include "cache/policy.h"

#include <gtest/gtest.h>

namespace gatehouse::cache {
namespace {

using exchange::CacheSettings;
using exchange::Endpoint;
using llm::FinishReason;

llm::Reply reply_of(FinishReason reason) {
  llm::Reply reply;
  llm::Choice& choice = reply.choices.emplace_back();
  choice.blocks.push_back({llm::Text{"Hello", {}}, {}});
  choice.finish.reason = reason;
  return reply;
}

TEST(Policy, OnlyEndpointsThatAnswerTheSameTwiceAreCacheable) {
  for (const Endpoint yes : {Endpoint::chat_complete, Endpoint::complete, Endpoint::embed,
                             Endpoint::messages, Endpoint::create_response, Endpoint::rerank}) {
    EXPECT_TRUE(is_cacheable(yes)) << name_of(yes);
  }
  for (const Endpoint no :
       {Endpoint::upload_file, Endpoint::list_files, Endpoint::create_batch, Endpoint::proxy,
        Endpoint::image_edit, Endpoint::cancel_finetune, Endpoint::messages_count_tokens,
        Endpoint::list_models, Endpoint::create_speech, Endpoint::create_transcription}) {
    EXPECT_FALSE(is_cacheable(no)) << name_of(no);
  }
}

TEST(Policy, WhatCanStreamIsCacheable) {
  for (int i = 0; i <= static_cast<int>(Endpoint::proxy); ++i) {
    const auto endpoint = static_cast<Endpoint>(i);
    EXPECT_LE(can_stream(endpoint), is_cacheable(endpoint)) << name_of(endpoint);
  }
}

TEST(Policy, AnAgeIsTheRequestsTheUsualOneOrTheLongest) {
  const AgeRules rules{std::chrono::hours(1), std::chrono::hours(2)};
  CacheSettings settings;
  EXPECT_EQ(max_age_of(settings, rules), std::chrono::hours(1));
  settings.max_age = std::chrono::seconds(1);
  EXPECT_EQ(max_age_of(settings, rules), std::chrono::seconds(1));
  settings.max_age = std::chrono::hours(3);
  EXPECT_EQ(max_age_of(settings, rules), std::chrono::hours(2));
}

TEST(Policy, OnlyAnAnswerThatCameToItsOwnEndIsFit) {
  EXPECT_TRUE(is_fit(reply_of(FinishReason::stop)));
  EXPECT_TRUE(is_fit(reply_of(FinishReason::tool_calls)));
  EXPECT_FALSE(is_fit(reply_of(FinishReason::length)));
  EXPECT_FALSE(is_fit(reply_of(FinishReason::content_filter)));
  EXPECT_FALSE(is_fit(llm::Reply{}));
}

TEST(Policy, OneUnfitChoiceSpoilsTheAnswer) {
  llm::Reply reply = reply_of(FinishReason::stop);
  reply.choices.push_back(reply_of(FinishReason::length).choices.front());
  EXPECT_FALSE(is_fit(reply));
}

TEST(Policy, ARefusalIsNotFit) {
  llm::Reply reply = reply_of(FinishReason::stop);
  reply.choices.front().blocks.push_back({llm::Refusal{"I cannot help with that."}, {}});
  EXPECT_FALSE(is_fit(reply));
}

TEST(Policy, ATurnThatWaitsToBeContinuedIsNotFit) {
  llm::Reply reply = reply_of(FinishReason::stop);
  reply.choices.front().finish.raw = "pause_turn";
  EXPECT_FALSE(is_fit(reply));
}

TEST(Policy, ACompletionIsFitWhenEveryChoiceStopped) {
  EXPECT_TRUE(is_fit_completion(R"({"choices":[{"text":"a","finish_reason":"stop"}]})"));
  EXPECT_FALSE(
      is_fit_completion(R"({"choices":[{"finish_reason":"stop"},{"finish_reason":"length"}]})"));
  for (const char* bad : {"", "{}", R"({"choices":[]})", R"({"choices":[{"finish_reason":null}]})",
                          R"({"error":{"message":"no"}})"}) {
    EXPECT_FALSE(is_fit_completion(bad)) << bad;
  }
}

TEST(Policy, AResponseThatIsStillBeingMadeIsNotCompleted) {
  EXPECT_TRUE(is_completed_response(R"({"id":"resp_1","status":"completed"})"));
  for (const char* bad : {"", "{}", R"({"status":"queued"})", R"({"status":"incomplete"})"}) {
    EXPECT_FALSE(is_completed_response(bad)) << bad;
  }
}

TEST(Policy, ADocumentIsFitUnlessItIsAnErrorOrNotWhole) {
  EXPECT_TRUE(is_fit_document(R"({"object":"list","data":[]})"));
  EXPECT_TRUE(is_fit_document(R"({"data":[],"error":null})"));
  for (const char* bad : {"", "{}", "[]", "{\"data\":[1,", R"({"error":{"message":"no"}})"}) {
    EXPECT_FALSE(is_fit_document(bad)) << bad;
  }
}

}  // namespace
}  // namespace gatehouse::cache
