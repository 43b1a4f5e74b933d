#include "async/socket.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>
#include <vector>

#include "async/loop.h"

namespace gatehouse::async {
namespace {

/// What a test's other end has got so far, without waiting.
std::string received(int fd) {
  std::string text(256, '\0');
  const ssize_t got = recv(fd, text.data(), text.size(), MSG_DONTWAIT);
  text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return text;
}

class SocketTest : public testing::Test {
 protected:
  SocketTest() {
    // A first turn tells of what each descriptor can do at once.
    for (int& end : ends_) end = connect_pair();
  }
  ~SocketTest() override {
    for (const int end : ends_) ::close(end);
  }

  int connect_pair() {
    std::array<int, 2> pair{};
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair.data()), 0);
    sockets_.emplace_back(pair[0], Peer::client);
    return pair[1];
  }

  Task<void> echo(std::size_t index, Sending sending) {
    std::string name = std::to_string(index);
    std::array<char, 16> bytes{};
    const std::size_t got = co_await sockets_[index].read(bytes);
    events_ += "<" + name;
    co_await sockets_[index].write({bytes.data(), got}, {}, {}, sending);
    events_ += ">" + name;
  }

  void say(std::size_t index) { EXPECT_EQ(send(ends_[index], "hi", 2, 0), 2); }

  static constexpr std::size_t kEnds = 3;
  SystemClock clock_;
  Loop loop_{clock_};
  std::vector<Socket> sockets_;
  std::array<int, kEnds> ends_{};
  std::string events_;
};

TEST_F(SocketTest, WhatIsSentTogetherWaitsForTheEventsAtHand) {
  for (std::size_t i = 0; i < kEnds; ++i) loop_.spawn(echo(i, Sending::together));
  for (std::size_t i = 0; i < kEnds; ++i) say(i);
  loop_.turn({});
  // Nobody has sent before all had read; and the turn did not end before all had sent.
  EXPECT_EQ(events_.substr(0, 6).find('>'), std::string::npos) << events_;
  EXPECT_EQ(events_.size(), 4 * kEnds) << events_;
  for (const int end : ends_) EXPECT_EQ(received(end), "hi");
}

TEST_F(SocketTest, WhatIsSentAtOnceDoesNotWait) {
  for (std::size_t i = 0; i < kEnds; ++i) loop_.spawn(echo(i, Sending::at_once));
  for (std::size_t i = 0; i < kEnds; ++i) say(i);
  loop_.turn({});
  EXPECT_EQ(events_, "<0>0<1>1<2>2");
}

TEST_F(SocketTest, AnEventByItselfIsAnsweredInItsTurn) {
  loop_.spawn(echo(1, Sending::together));
  loop_.turn({});
  say(1);
  loop_.turn({});
  EXPECT_EQ(events_, "<1>1");
  EXPECT_EQ(received(ends_[1]), "hi");
}

Task<void> run_until(Task<void> task, Trigger& trigger) {
  static_cast<void>(co_await as_result(
      until(std::move(task), trigger, client_error(ErrorCode::client_gone, "It left."))));
}

TEST_F(SocketTest, AWriteThatIsCancelledWhileItWaitsSendsNothing) {
  std::array<Trigger, kEnds> left;
  for (std::size_t i = 0; i < kEnds; ++i) {
    sockets_[i].on_peer_closed(left[i]);
    loop_.spawn(run_until(echo(i, Sending::together), left[i]));
    say(i);
  }
  // What has been said is still read; then its end is seen, while the answer waits for the others.
  shutdown(ends_[0], SHUT_WR);
  loop_.turn({});
  EXPECT_EQ(received(ends_[0]), "");
  EXPECT_EQ(events_.find(">0"), std::string::npos) << events_;
  for (std::size_t i = 1; i < kEnds; ++i) EXPECT_EQ(received(ends_[i]), "hi");
}

TEST_F(SocketTest, WhatTheKernelDoesNotTakeAtOnceGoesOutLater) {
  const std::string large(4U << 20U, 'x');
  const auto flood = [](Socket& socket, const std::string& text, bool& is_done) -> Task<void> {
    std::array<char, 16> bytes{};
    co_await socket.read(bytes);
    co_await socket.write(text, {}, {}, Sending::together);
    is_done = true;
  };
  std::array<bool, 2> is_done{};
  for (std::size_t i = 0; i < 2; ++i) {
    loop_.spawn(flood(sockets_[i], large, is_done[i]));
    say(i);
  }
  std::array<std::size_t, 2> got{};
  for (int turns = 0; turns < 100'000 && !(is_done[0] && is_done[1]); ++turns) {
    loop_.turn({});
    for (std::size_t i = 0; i < 2; ++i) {
      std::array<char, 65'536> bytes;
      const ssize_t size = recv(ends_[i], bytes.data(), bytes.size(), MSG_DONTWAIT);
      if (size > 0) got[i] += static_cast<std::size_t>(size);
    }
  }
  EXPECT_TRUE(is_done[0] && is_done[1]);
  for (std::size_t i = 0; i < 2; ++i) {
    for (std::string rest = received(ends_[i]); !rest.empty(); rest = received(ends_[i])) {
      got[i] += rest.size();
    }
    EXPECT_EQ(got[i], large.size());
  }
}

}  // namespace
}  // namespace gatehouse::async
