#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "async/address.h"
#include "client/tests/fake_gateway.h"
#include "gatehouse/client.h"

namespace gatehouse::client {
namespace {

using testing::Ending;
using testing::FakeGateway;
using testing::json_answer;
using testing::refusal;
using testing::says;
using testing::Scripted;
using testing::Seen;

OpenAIGPTConfig config_at(const std::string& url) {
  OpenAIGPTConfig config{.chat_model = "portkey/openai/gpt-4o"};
  config.portkey_params.base_url = url;
  config.portkey_params.api_key = "pk-very-secret";
  config.timeout = std::chrono::seconds(20);
  config.retry_delay = std::chrono::milliseconds(1);
  return config;
}

/// What a chat fails with. With a kind that is none, if it does not fail.
template <class Expected>
Failure failure_of_chat(const OpenAIGPTConfig& config) {
  try {
    OpenAIGPT(config).chat("Hi");
  } catch (const Expected& error) {
    EXPECT_STREQ(error.what(), error.failure().text.c_str());
    EXPECT_EQ(error.kind(), error.failure().kind);
    return error.failure();
  } catch (const ClientError& error) {
    ADD_FAILURE() << "another error: " << error.what();
    return error.failure();
  }
  ADD_FAILURE() << "the chat did not fail";
  return {};
}

template <class Expected>
Failure failure_when_answered(Scripted answer, OpenAIGPTConfig config = config_at("")) {
  FakeGateway gateway([&](const Seen&) { return answer; });
  config.portkey_params.base_url = gateway.url();
  return failure_of_chat<Expected>(config);
}

bool begins(const Failure& failure, std::string_view words) {
  return std::string_view(failure.text).starts_with(words);
}

TEST(Errors, AnUnknownGatewayKeyIsUnauthorized) {
  Scripted answer = refusal(401, R"({"error":{"message":"Unauthorized: the key is revoked",
      "type":"authentication_error","param":null,"code":null},"status":"failure"})");
  answer.fields["x-portkey-trace-id"] = "trace-3";
  const Failure failure = failure_when_answered<AuthenticationError>(answer);
  EXPECT_TRUE(begins(failure, "Unauthorized (401)")) << failure.text;
  EXPECT_NE(failure.text.find("PORTKEY_API_KEY"), std::string::npos);
  EXPECT_EQ(failure.detail, "Unauthorized: the key is revoked");
  EXPECT_EQ(failure.status, 401);
  EXPECT_EQ(failure.trace_id, "trace-3");
}

TEST(Errors, AMissingProviderKeySaysWhichVariableToSet) {
  const Failure failure = failure_when_answered<MissingProviderKeyError>(
      refusal(401, R"({"error":{"message":"Missing API key for provider 'openai'. Set it."}})"));
  EXPECT_TRUE(begins(failure, "Missing API key for provider 'openai'")) << failure.text;
  EXPECT_NE(failure.text.find("OPENAI_API_KEY"), std::string::npos);
  EXPECT_NE(failure.text.find("virtual key"), std::string::npos);
}

TEST(Errors, AProvidersRefusalOfTheDummyKeyIsAMissingKey) {
  const Scripted answer = refusal(
      401, R"({"error":{"message":"openai error: Unauthorized: bad key"},"provider":"openai"})");
  EXPECT_TRUE(begins(failure_when_answered<MissingProviderKeyError>(answer),
                     "Missing API key for provider"));
  OpenAIGPTConfig with_key = config_at("");
  with_key.api_key = "sk-wrong-one";
  EXPECT_TRUE(
      begins(failure_when_answered<AuthenticationError>(answer, with_key), "Unauthorized (401)"));
}

TEST(Errors, AModelThatNobodyKnowsIsNotSupported) {
  const Failure failure = failure_when_answered<ModelNotSupportedError>(refusal(
      404, R"({"error":{"message":"The model gpt-9 does not exist","code":"model_not_found"}})"));
  EXPECT_TRUE(begins(failure, "Model not supported: 'gpt-4o'")) << failure.text;
  EXPECT_NE(failure.text.find("portkey/provider/model"), std::string::npos);
  EXPECT_EQ(failure.code, "model_not_found");
}

TEST(Errors, ARateLimitTellsHowLongToWait) {
  Scripted answer = refusal(429, R"({"error":{"message":"slow down"}})");
  answer.fields["retry-after"] = "3";
  const Failure failure = failure_when_answered<RateLimitError>(answer);
  EXPECT_TRUE(begins(failure, "Rate limit exceeded")) << failure.text;
  EXPECT_EQ(failure.retry_after, std::chrono::seconds(3));
}

TEST(Errors, OtherStatusesAreRefusalsOrFailures) {
  const std::string body = R"({"error":{"message":"temperature must be at most 2"}})";
  const Failure refused = failure_when_answered<RequestError>(refusal(400, body));
  EXPECT_EQ(refused.text,
            "The request was refused (400). The answer said: temperature must be at most 2");
  EXPECT_EQ(failure_when_answered<ServerError>(refusal(503, body)).status, 503);
  EXPECT_EQ(failure_when_answered<TimeoutError>(refusal(408, body)).status, 408);
  EXPECT_EQ(failure_when_answered<BadResponseError>(refusal(302, "")).status, 302);
}

TEST(Errors, AnAnswerThatIsNotTheProtocolsIsABadResponse) {
  for (const std::string body : {"<html>a proxy</html>", "{}", "[1]", ""}) {
    const Failure failure = failure_when_answered<BadResponseError>(json_answer(body));
    EXPECT_TRUE(begins(failure, "Bad response from http://127.0.0.1:")) << failure.text;
  }
  Scripted compressed = json_answer("zzz");
  compressed.fields["content-encoding"] = "gzip";
  failure_when_answered<BadResponseError>(compressed);
}

TEST(Errors, AnAnswerThatBreaksOffIsABadResponse) {
  Scripted answer = json_answer(R"({"choices":[)");
  answer.ending = Ending::cut;
  failure_when_answered<BadResponseError>(answer);
}

TEST(Errors, AnErrorInsideASuccessIsAnErrorAllTheSame) {
  const Failure failure = failure_when_answered<RateLimitError>(
      json_answer(R"({"error":{"message":"busy","code":429}})"));
  EXPECT_EQ(failure.status, 429);
}

TEST(Errors, ASilentGatewayIsATimeout) {
  Scripted silent = json_answer("{");
  silent.ending = Ending::stall;
  OpenAIGPTConfig config = config_at("");
  config.timeout = std::chrono::milliseconds(30);
  const Failure failure = failure_when_answered<TimeoutError>(silent, config);
  EXPECT_NE(failure.text.find("OpenAIGPTConfig::timeout"), std::string::npos);
}

TEST(Errors, NoGatewayThereIsAConnectionError) {
  const Failure failure = failure_of_chat<ConnectionError>(config_at("http://127.0.0.1:1"));
  EXPECT_TRUE(begins(failure, "Cannot reach http://127.0.0.1:1.")) << failure.text;
  EXPECT_NE(failure.text.find("PORTKEY_BASE_URL"), std::string::npos);
}

TEST(Errors, NeverHoldASecret) {
  const Failure failure = failure_when_answered<AuthenticationError>(
      refusal(401, R"({"error":{"message":"the key pk-very-secret is unknown"}})"));
  EXPECT_EQ(failure.text.find("pk-very-secret"), std::string::npos) << failure.text;
  EXPECT_EQ(failure.detail, "the key *** is unknown");
}

/// Hangs up on the first connections without a word, then answers one and hangs up again.
class HangingUp {
 public:
  explicit HangingUp(int times) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const async::Address any = *async::parse_ip("127.0.0.1", 0);
    EXPECT_EQ(::bind(socket_, any.raw(), any.length), 0);
    EXPECT_EQ(::listen(socket_, 16), 0);
    port_ = async::local_address(socket_).port();
    thread_ = std::jthread([this, times] {
      for (int i = 0; i < times; ++i) {
        const int client = ::accept(socket_, nullptr, nullptr);
        read_request(client);
        ::close(client);
      }
      answer(::accept(socket_, nullptr, nullptr));
    });
  }
  HangingUp(const HangingUp&) = delete;
  HangingUp& operator=(const HangingUp&) = delete;
  ~HangingUp() {
    ::shutdown(socket_, SHUT_RDWR);  // wakes an accept that nobody answers
    thread_.join();
    ::close(socket_);
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  static void read_request(int client) {
    char bytes[4096];
    [[maybe_unused]] const ssize_t read = ::read(client, bytes, sizeof bytes);
  }
  static void answer(int client) {
    if (client < 0) return;
    read_request(client);
    const std::string body =
        R"({"choices":[{"message":{"content":"at last"},"finish_reason":"stop"}]})";
    const std::string text = "HTTP/1.1 200 OK\r\ncontent-length: " + std::to_string(body.size()) +
                             "\r\ncontent-type: application/json\r\n\r\n" + body;
    [[maybe_unused]] const ssize_t written = ::write(client, text.data(), text.size());
    ::close(client);
  }
  int socket_;
  std::uint16_t port_ = 0;
  std::jthread thread_;
};

TEST(Retries, AskAgainWhenTheConnectionBreaksBeforeAnAnswer) {
  const HangingUp gateway(2);
  EXPECT_EQ(OpenAIGPT(config_at(gateway.url())).chat("Hi").message, "at last");
}

TEST(Retries, EndAfterTheGivenNumber) {
  const HangingUp gateway(2);
  OpenAIGPTConfig config = config_at(gateway.url());
  config.connection_retries = 1;
  failure_of_chat<ConnectionError>(config);
}

TEST(Retries, DoNotHappenAfterAnAnswer) {
  FakeGateway gateway([](const Seen&) { return refusal(503, "{}"); });
  failure_of_chat<ServerError>(config_at(gateway.url()));
  EXPECT_EQ(gateway.seen().size(), 1U);
}

TEST(DebugLog, TellsEveryStepAndNoSecret) {
  FakeGateway gateway([](const Seen&) { return says("a private answer"); });
  OpenAIGPTConfig config = config_at(gateway.url());
  config.api_key = "sk-provider-secret";
  config.portkey_params.virtual_key = "vk-a-virtual-key";
  config.portkey_params.metadata = {{"note", "mentions pk-very-secret"}};
  config.portkey_params.custom_headers = {{"x-session", "session-token"}};
  config.portkey_params.trace_id = "trace-5";
  std::mutex mutex;
  std::string lines;
  set_debug_log([&](std::string_view line) {
    const std::lock_guard lock(mutex);
    lines.append(line).append("\n");
  });
  OpenAIGPT(config).chat("a private question");
  set_debug_log({});
  OpenAIGPT(config).chat("after it was switched off");
  const std::lock_guard lock(mutex);
  EXPECT_NE(lines.find("POST " + gateway.url() + "/v1/chat/completions"), std::string::npos);
  EXPECT_NE(lines.find("x-portkey-trace-id: trace-5"), std::string::npos);
  EXPECT_NE(lines.find("answer 200"), std::string::npos);
  for (const std::string secret : {"sk-provider-secret", "pk-very-secret", "vk-a-virtual-key",
                                   "session-token", "private question", "private answer"}) {
    EXPECT_EQ(lines.find(secret), std::string::npos) << lines;
  }
  EXPECT_EQ(std::ranges::count(lines, '\n'), 2) << lines;
}

}  // namespace
}  // namespace gatehouse::client
