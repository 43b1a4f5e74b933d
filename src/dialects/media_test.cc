#include "dialects/media.h"

#include <gtest/gtest.h>

#include "base/percent.h"
#include "dialects/base64.h"
#include "dialects/utf8.h"

namespace gatehouse::dialects {
namespace {

TEST(Base64, GoesThereAndBackForEveryLength) {
  std::string bytes;
  for (int i = 0; i < 40; ++i) {
    EXPECT_EQ(decode_base64(encode_base64(bytes)), bytes);
    bytes += static_cast<char>(i * 37);
  }
}

TEST(Base64, MatchesTheVectorsOfRfc4648) {
  EXPECT_EQ(encode_base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(encode_base64("fooba"), "Zm9vYmE=");
  EXPECT_EQ(encode_base64("foob"), "Zm9vYg==");
  EXPECT_EQ(encode_base64(""), "");
}

TEST(Base64, MayLackItsPaddingButNotHoldOtherCharacters) {
  EXPECT_EQ(decode_base64("Zm9vYg"), "foob");
  EXPECT_EQ(decode_base64("Zm9v Yg=="), std::nullopt);
  EXPECT_EQ(decode_base64("Zm9vY"), std::nullopt);
  EXPECT_EQ(decode_base64("Zm9-Yg=="), std::nullopt);
}

TEST(DataUrl, GivesTypeAndPayload) {
  const auto media = parse_data_url("data:Image/PNG;charset=x;base64,AA,AA");
  ASSERT_TRUE(media);
  EXPECT_EQ(media->media_type, "image/png");
  EXPECT_EQ(media->value, "AA,AA");
  EXPECT_EQ(media->kind, llm::Media::Kind::base64);
}

TEST(DataUrl, IsNoneWithoutBase64OrComma) {
  EXPECT_FALSE(parse_data_url("data:text/plain,hello"));
  EXPECT_FALSE(parse_data_url("data:image/png;base64"));
  EXPECT_FALSE(parse_data_url("https://example.com/data:x;base64,y"));
}

TEST(MediaOfUrl, GuessesTheTypeOfAnAddressFromItsPath) {
  EXPECT_EQ(media_of_url("https://e.com/a.b/cat.JPG?x=.png#y").media_type, "image/jpeg");
  EXPECT_EQ(media_of_url("https://e.com/cat").media_type, "");
  EXPECT_EQ(media_of_url("gs://b/a.pdf").kind, llm::Media::Kind::url);
}

TEST(MediaOfFileData, TakesADataUrlOrABarePayload) {
  EXPECT_EQ(media_of_file_data("data:text/csv;base64,AA==", "application/pdf").media_type,
            "text/csv");
  EXPECT_EQ(media_of_file_data("AA==", "application/pdf").media_type, "application/pdf");
}

TEST(UrlOf, MakesADataUrlOfBytesAndOfText) {
  EXPECT_EQ(url_of({llm::Media::Kind::base64, "AA==", "image/png"}), "data:image/png;base64,AA==");
  EXPECT_EQ(url_of({llm::Media::Kind::text, "foobar", ""}), "data:text/plain;base64,Zm9vYmFy");
  EXPECT_EQ(url_of({llm::Media::Kind::url, "https://e.com", "image/png"}), "https://e.com");
}

TEST(AudioTypes, AreFoundByFormatAndBack) {
  EXPECT_EQ(audio_type_of_format("wav"), "audio/wav");
  EXPECT_EQ(audio_type_of_format("WEBM"), "audio/webm");
  EXPECT_EQ(audio_format_of_type("audio/mpeg"), "mp3");
  EXPECT_EQ(audio_format_of_type("audio/x"), "x");
}

TEST(PercentEncoded, KeepsUnreservedCharactersAndThoseItIsToldTo) {
  EXPECT_EQ(percent_encoded("a-z_.~/:@ \xC3\xA9"), "a-z_.~%2F%3A%40%20%C3%A9");
  EXPECT_EQ(percent_encoded("m@1:0", "@"), "m@1%3A0");
}

TEST(StartOf, NeverCutsACharacter) {
  const std::string text = "a\xC3\xA9\xF0\x9F\x98\x80";
  EXPECT_EQ(start_of(text, 2), "a");
  EXPECT_EQ(start_of(text, 3), "a\xC3\xA9");
  EXPECT_EQ(start_of(text, 6), "a\xC3\xA9");
  EXPECT_EQ(start_of(text, 7), text);
}

TEST(RepairedUtf8, ReplacesWhatIsNotValid) {
  EXPECT_EQ(repaired_utf8("a\xC3\xA9"), "a\xC3\xA9");
  EXPECT_EQ(repaired_utf8("\xFF"
                          "a\xC3"),
            "\xEF\xBF\xBD"
            "a"
            "\xEF\xBF\xBD");
  EXPECT_EQ(repaired_utf8("\xC0\xAF"), "\xEF\xBF\xBD\xEF\xBF\xBD");                  // overlong
  EXPECT_EQ(repaired_utf8("\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");  // a surrogate
}

TEST(CountCharacters, CountsCodePoints) {
  EXPECT_EQ(count_characters("a\xC3\xA9\xF0\x9F\x98\x80"), 3U);
}

}  // namespace
}  // namespace gatehouse::dialects
