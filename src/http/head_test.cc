#include "http/head.h"

#include <gtest/gtest.h>

namespace gatehouse::http {
namespace {

using namespace std::string_literals;

Result<RequestHead> parse(const std::string& text) {
  static std::string kept;
  kept = text;
  RequestHead head;
  Result<void> parsed = parse_request_head(kept, HeadLimits{}, head);
  if (!parsed) return std::unexpected(parsed.error());
  return head;
}

TEST(RequestHead, TakesTheTargetApart) {
  const auto head = parse("POST /v1/files?limit=2&x=%20 HTTP/1.1\r\nHost: a\r\nX-A:  b \r\n\r\n");
  ASSERT_TRUE(head);
  EXPECT_EQ(head->path, "/v1/files");
  EXPECT_EQ(head->query, "limit=2&x=%20");
  EXPECT_EQ(head->fields.get("x-a"), "b");
  EXPECT_TRUE(head->is_keep_alive);
}

TEST(RequestHead, RefusesWhatCouldBeReadInTwoWays) {
  const std::vector<std::string> hostile = {
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3, 3\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x3\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: "
      "chunked\r\n\r\n",
      "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
      "POST / HTTP/1.1\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nX-A : b\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\n X-A: b\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\nX-A: b\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nX-A: b\rc\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nX-A: b\0c\r\n\r\n"s,
      "POST / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n",
      "POST  / HTTP/1.1\r\nHost: a\r\n\r\n",
      "POST / HTTP/2.0\r\nHost: a\r\n\r\n",
      "POST http://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
      "PO ST / HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n",
  };
  for (const std::string& text : hostile) {
    const auto head = parse(text);
    ASSERT_FALSE(head) << text;
    EXPECT_EQ(head.error()->code, ErrorCode::invalid_request) << text;
  }
}

TEST(RequestHead, CountsFieldsAgainstTheLimit) {
  std::string text = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 200; ++i) text += "x-" + std::to_string(i) + ": 1\r\n";
  const auto head = parse(text + "\r\n");
  ASSERT_FALSE(head);
  EXPECT_EQ(head.error()->code, ErrorCode::head_too_large);
}

TEST(RequestHead, Http10ClosesUnlessAskedToStay) {
  EXPECT_FALSE(parse("GET / HTTP/1.0\r\n\r\n")->is_keep_alive);
  EXPECT_TRUE(parse("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")->is_keep_alive);
  EXPECT_FALSE(parse("GET / HTTP/1.1\r\nHost: a\r\nConnection: Close\r\n\r\n")->is_keep_alive);
}

Result<ResponseHead> parse_answer(const std::string& text, std::string_view method = "POST") {
  static std::string kept;
  kept = text;
  ResponseHead head;
  Result<void> parsed = parse_response_head(kept, method, head);
  if (!parsed) return std::unexpected(parsed.error());
  return head;
}

TEST(ResponseHead, FramesItsBody) {
  EXPECT_EQ(parse_answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")->framing, Framing::length);
  EXPECT_EQ(parse_answer("HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n")->framing,
            Framing::chunked);
  EXPECT_EQ(parse_answer("HTTP/1.1 200 OK\r\n\r\n")->framing, Framing::until_close);
  EXPECT_EQ(parse_answer("HTTP/1.1 204 No Content\r\n\r\n")->framing, Framing::none);
  EXPECT_EQ(parse_answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "HEAD")->framing,
            Framing::none);
}

TEST(ResponseHead, WhatIsNoHttpIsMalformed) {
  for (const char* text :
       {"nonsense\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", "HTTP/1.1 200 OK\r\nbad line\r\n\r\n"}) {
    const auto head = parse_answer(text);
    ASSERT_FALSE(head);
    EXPECT_EQ(head.error()->code, ErrorCode::upstream_malformed);
  }
}

TEST(FieldLines, AValueCannotBreakItsLine) {
  FieldLines lines;
  lines.add("x-a", "1\r\nx-b: 2");
  EXPECT_EQ(lines.text(), "x-a: 1  x-b: 2\r\n");
  EXPECT_TRUE(lines.has("X-A"));
  EXPECT_FALSE(lines.has("x-b"));
}

TEST(FindEndOfHead, SeesAnEndThatWasCutAnywhere) {
  constexpr std::string_view kText = "GET / HTTP/1.1\r\nHost: a\r\n\r\nbody";
  for (std::size_t cut = 0; cut < kText.size(); ++cut) {
    std::size_t scanned = 0;
    const std::size_t early = find_end_of_head(kText.substr(0, cut), scanned);
    const std::size_t end = early != 0 ? early : find_end_of_head(kText, scanned);
    EXPECT_EQ(end, kText.size() - 4);
  }
}

TEST(Head, EndsWhereverItsEmptyLineStands) {
  constexpr std::size_t kMost = 300;  // some blocks of what is looked at together
  for (std::size_t length = 0; length < kMost; ++length) {
    for (const std::string_view line : {std::string_view("a: b\r\n"), std::string_view("\r\r\n")}) {
      std::string text;
      while (text.size() + line.size() < length) text += line;
      text.append(length - text.size(), 'x');
      for (const std::string_view behind : {std::string_view(), std::string_view("{\"body\":1}")}) {
        const std::string whole = text + "\r\n\r\n" + std::string(behind);
        std::size_t scanned = 0;
        EXPECT_EQ(find_end_of_head(whole, scanned), length + 4) << length;
      }
      std::size_t scanned = 0;
      EXPECT_EQ(find_end_of_head(text + "\r\n\r", scanned), 0U) << length;
    }
  }
}

}  // namespace
}  // namespace gatehouse::http
