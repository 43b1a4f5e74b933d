#include "credentials/resolve_target.h"

#include <gtest/gtest.h>

#include <array>
#include <map>

#include "base/text.h"
#include "credentials/configured_credentials.h"

namespace gatehouse::credentials {
namespace {

// A few providers of each kind; aliases are rows of their own.
class FakeProviders final : public ProviderNames {
 public:
  std::optional<KnownProvider> find(std::string_view name) const override {
    const std::string lower = lowered(name);
    if (lower == "openai") return KnownProvider{"openai", kOpenai, KeyNeed::required};
    if (lower == "google" || lower == "gemini") {
      return KnownProvider{"google", kGoogle, KeyNeed::required};
    }
    if (lower == "openrouter") return KnownProvider{"openrouter", {}, KeyNeed::required};
    if (lower == "workers-ai") return KnownProvider{"workers-ai", kWorkers, KeyNeed::required};
    if (lower == "ollama") return KnownProvider{"ollama", {}, KeyNeed::optional};
    return std::nullopt;
  }
  std::vector<std::string_view> near_names(std::string_view name) const override {
    return edit_distance(name, "openai") <= 2 ? std::vector<std::string_view>{"openai"}
                                              : std::vector<std::string_view>{};
  }

 private:
  static constexpr std::array<std::string_view, 1> kOpenai = {"OPENAI_API_KEY"};
  static constexpr std::array<std::string_view, 2> kGoogle = {"GEMINI_API_KEY", "GOOGLE_API_KEY"};
  static constexpr std::array<std::string_view, 1> kWorkers = {"CLOUDFLARE_API_TOKEN"};
};

class FakeEnvironment {
 public:
  std::optional<std::string_view> find(std::string_view name) const {
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional<std::string_view>(found->second);
  }
  std::map<std::string, std::string, std::less<>> values;
};

class ResolveTarget : public testing::Test {
 protected:
  ResolveTarget()
      : store_(
            {
                {"my-openai", "openai", Secret("sk-stored"), "", {}},
                {"lab", "ollama", Secret(), "http://10.0.0.5:8000/v1", {}},
                {"from-env", "gemini", Secret(), "", {}},
                {"broken", "opnai", Secret("sk-x"), "", {}},
            },
            {"OPENAI_API_KEY", "DUMMY-KEY", "xxx", "dummy"}) {
    hints_.authorization = "Bearer sk-client";
  }

  Result<ResolvedTarget> resolve() const {
    Result<ResolvedTarget> target{std::in_place};
    const Result<void> found = resolve_target(hints_, {store_, providers_, environment_}, *target);
    if (!found) target = std::unexpected(found.error());
    return target;
  }
  ResolvedTarget resolved() const {
    Result<ResolvedTarget> target = resolve();
    if (target) return std::move(*target);
    ADD_FAILURE() << target.error()->message;
    return {};
  }
  Error refused() const {
    Result<ResolvedTarget> target = resolve();
    if (!target) return std::move(target.error());
    ADD_FAILURE() << "resolved to " << target->provider;
    return {};
  }

  RequestHints hints_;
  ConfiguredCredentials store_;
  FakeProviders providers_;
  FakeEnvironment environment_;
};

struct Choice {
  std::string_view provider_header;
  std::string_view virtual_key_header;
  std::string_view model;
  std::string_view provider;
  std::string_view upstream_model;
  std::string_view slug;  // empty: no stored credential
};

class EveryWayToNameAProvider : public ResolveTarget, public testing::WithParamInterface<Choice> {};

TEST_P(EveryWayToNameAProvider, GivesProviderModelAndStoredCredential) {
  hints_.provider_header = GetParam().provider_header;
  hints_.virtual_key_header = GetParam().virtual_key_header;
  hints_.model = GetParam().model;
  const ResolvedTarget target = resolved();
  EXPECT_EQ(target.provider, GetParam().provider);
  EXPECT_EQ(target.model, GetParam().upstream_model);
  EXPECT_EQ(target.stored ? target.stored->slug : "", GetParam().slug);
  EXPECT_EQ(target.key.reveal(), target.stored ? "sk-stored" : "sk-client");
}

constexpr Choice kChoices[] = {
    // a provider's name in the header
    {"openai", "", "gpt-4o", "openai", "gpt-4o", ""},
    {" OpenAI ", "", "gpt-4o", "openai", "gpt-4o", ""},
    {"gemini", "", "gemini-2.0-flash", "google", "gemini-2.0-flash", ""},
    {"openai", "", "", "openai", "", ""},
    {"openrouter", "", "openai/gpt-4o", "openrouter", "openai/gpt-4o", ""},
    {"openrouter", "", "a/b/c", "openrouter", "a/b/c", ""},
    {"openai", "", "portkey/openai/gpt-4o", "openai", "gpt-4o", ""},
    {"google", "", "portkey/gemini/g", "google", "g", ""},
    {"openai", "", "portkey/gemini/g", "openai", "portkey/gemini/g", ""},
    {"openai", "", "portkey/x", "openai", "portkey/x", ""},
    // a slug in the header
    {"@my-openai", "", "gpt-4o", "openai", "gpt-4o", "my-openai"},
    {"@my-openai", "", "@lab/gpt-4o", "openai", "gpt-4o", "my-openai"},
    {"@my-openai", "", "@my-openai/ft:a/b", "openai", "ft:a/b", "my-openai"},
    {"@my-openai", "", "@cf/meta/llama", "openai", "@cf/meta/llama", "my-openai"},
    {"@my-openai", "lab", "m", "openai", "m", "my-openai"},
    // a virtual key
    {"", "my-openai", "gpt-4o", "openai", "gpt-4o", "my-openai"},
    {"", "@my-openai", "gpt-4o", "openai", "gpt-4o", "my-openai"},
    {"google", "my-openai", "gpt-4o", "openai", "gpt-4o", "my-openai"},
    {"", "my-openai", "@lab/gpt-4o", "openai", "gpt-4o", "my-openai"},
    {"", "my-openai", "portkey/@lab/gpt-4o", "openai", "gpt-4o", "my-openai"},
    {"", "my-openai", "openai/gpt-4o", "openai", "openai/gpt-4o", "my-openai"},
    // a slug in the model
    {"", "", "@my-openai/gpt-4o", "openai", "gpt-4o", "my-openai"},
    {"", "", "@my-openai/ft:gpt/x/y", "openai", "ft:gpt/x/y", "my-openai"},
    {"", "", "portkey/@my-openai/gpt-4o", "openai", "gpt-4o", "my-openai"},
    {"google", "", "@my-openai/gpt-4o", "openai", "gpt-4o", "my-openai"},
    // what looks like a slug and is none
    {"workers-ai", "", "@cf/meta/llama-3", "workers-ai", "@cf/meta/llama-3", ""},
    {"workers-ai", "", "@cf", "workers-ai", "@cf", ""},
    {"openai", "", "@my-openai", "openai", "@my-openai", ""},
    // a provider's name in the model
    {"", "", "portkey/openai/gpt-4o", "openai", "gpt-4o", ""},
    {"", "", "portkey/openrouter/meta/llama", "openrouter", "meta/llama", ""},
    {"", "", "openai/gpt-4o", "openai", "gpt-4o", ""},
    {"", "", "Gemini/g-2", "google", "g-2", ""},
    {"", "", "openrouter/openai/gpt-4o", "openrouter", "openai/gpt-4o", ""},
    {"", "", "workers-ai/@cf/meta/llama", "workers-ai", "@cf/meta/llama", ""},
};
INSTANTIATE_TEST_SUITE_P(Order, EveryWayToNameAProvider, testing::ValuesIn(kChoices));

struct Refused {
  std::string_view provider_header;
  std::string_view virtual_key_header;
  std::string_view model;
  ErrorCode code;
  std::string_view message;
};

class NoProvider : public ResolveTarget, public testing::WithParamInterface<Refused> {};

TEST_P(NoProvider, IsToldWithWhatMayBeMeant) {
  hints_.provider_header = GetParam().provider_header;
  hints_.virtual_key_header = GetParam().virtual_key_header;
  hints_.model = GetParam().model;
  const Error error = refused();
  EXPECT_EQ(error.code, GetParam().code) << name_of(error.code);
  EXPECT_NE(error.message.find(GetParam().message), std::string::npos) << error.message;
}

constexpr std::string_view kRequired = "Either x-portkey-config or x-portkey-provider header is";
constexpr Refused kRefused[] = {
    {"", "", "", ErrorCode::missing_provider, kRequired},
    {"", "", "gpt-4o", ErrorCode::missing_provider, kRequired},
    {"", "", "meta-llama/llama-3", ErrorCode::missing_provider, kRequired},
    {"", "", "openai/", ErrorCode::missing_provider, kRequired},
    {"", "", "/gpt-4o", ErrorCode::missing_provider, kRequired},
    {"", "", "portkey/gpt-4o", ErrorCode::missing_provider, kRequired},
    {"", "", "portkey/", ErrorCode::missing_provider, kRequired},
    {"", "", "@my-openai", ErrorCode::missing_provider, kRequired},
    {"opnai", "", "m", ErrorCode::invalid_provider,
     "Invalid provider passed: 'opnai' is not known. Did you mean 'openai'?"},
    {"zzz", "", "m", ErrorCode::invalid_provider, "Invalid provider passed: 'zzz' is not known."},
    {"", "", "portkey/opnai/m", ErrorCode::invalid_provider, "'opnai' is not known"},
    {"@my-opnai", "", "m", ErrorCode::invalid_provider,
     "Unknown virtual key '@my-opnai'. Did you mean '@my-openai'?"},
    {"", "nothing-like-it", "m", ErrorCode::invalid_provider,
     "Unknown virtual key '@nothing-like-it'."},
    {"", "", "@my-opena/gpt", ErrorCode::invalid_provider, "Did you mean '@my-openai'?"},
    {"", "", "@cf/meta/llama", ErrorCode::invalid_provider, "Unknown virtual key '@cf'"},
    {"@", "", "m", ErrorCode::invalid_provider, "Unknown virtual key '@'"},
    {"@broken", "", "m", ErrorCode::invalid_config, "is for the provider 'opnai'"},
};
INSTANTIATE_TEST_SUITE_P(Each, NoProvider, testing::ValuesIn(kRefused));

TEST_F(ResolveTarget, CutsNamesThatAreTooLongToShow) {
  const std::string model = "@" + std::string(1'000'000, 'x') + "/m";
  hints_.model = model;
  EXPECT_LT(refused().message.size(), 300U);
  const std::string header(1'000'000, 'x');
  hints_.provider_header = header;
  EXPECT_LT(refused().message.size(), 300U);
}

TEST_F(ResolveTarget, TakesTheClientsKeyFromAuthorizationThenFromXApiKey) {
  hints_.provider_header = "openai";
  environment_.values["OPENAI_API_KEY"] = "sk-env";
  constexpr std::array<std::string_view, 3> kCases[] = {
      {"Bearer sk-a", "sk-b", "sk-a"}, {"bearer  sk-a ", "", "sk-a"}, {"sk-a", "", "sk-a"},
      {"Key sk-a", "", "Key sk-a"},    {"", "sk-b", "sk-b"},          {"Bearer", "sk-b", "sk-b"},
      {"Bearer xxx", "sk-b", "sk-b"}};
  for (const auto& [authorization, x_api_key, key] : kCases) {
    hints_.authorization = authorization;
    hints_.x_api_key = x_api_key;
    const ResolvedTarget target = resolved();
    EXPECT_EQ(target.key.reveal(), key) << authorization;
    EXPECT_EQ(target.key_source, KeySource::client);
  }
}

TEST_F(ResolveTarget, CountsDummiesAsNoKeyAtAll) {
  hints_.provider_header = "openai";
  environment_.values["OPENAI_API_KEY"] = "sk-env";
  for (const std::string_view dummy : {"", "Bearer ", "Bearer OPENAI_API_KEY", "OPENAI_API_KEY",
                                       "Bearer DUMMY-KEY", "Bearer xxx", "Bearer Dummy"}) {
    hints_.authorization = dummy;
    hints_.x_api_key = "xxx";
    const ResolvedTarget target = resolved();
    EXPECT_EQ(target.key.reveal(), "sk-env") << dummy;
    EXPECT_EQ(target.key_source, KeySource::environment);
  }
}

TEST_F(ResolveTarget, TakesTheFirstVariableThatHoldsARealKey) {
  hints_.provider_header = "gemini";
  hints_.authorization = {};
  environment_.values["GOOGLE_API_KEY"] = " sk-google\n";
  EXPECT_EQ(resolved().key.reveal(), "sk-google");
  environment_.values["GEMINI_API_KEY"] = "dummy";
  EXPECT_EQ(resolved().key.reveal(), "sk-google");
  environment_.values["GEMINI_API_KEY"] = "sk-gemini";
  EXPECT_EQ(resolved().key.reveal(), "sk-gemini");
}

TEST_F(ResolveTarget, SaysTheThreeWaysToGiveAKeyWhenThereIsNone) {
  hints_.provider_header = "gemini";
  hints_.authorization = "Bearer xxx";
  const Error error = refused();
  EXPECT_EQ(error.code, ErrorCode::missing_provider_key);
  EXPECT_EQ(error.message,
            "Missing API key for provider 'google'. Send it as 'Authorization: Bearer KEY', or set "
            "GEMINI_API_KEY or GOOGLE_API_KEY in the gateway's environment or .env, or use a "
            "virtual key (x-portkey-virtual-key, or '@slug/model').");
}

TEST_F(ResolveTarget, NeedsNoKeyForAProviderThatNeedsNone) {
  hints_.provider_header = "ollama";
  hints_.authorization = "Bearer dummy";
  const ResolvedTarget target = resolved();
  EXPECT_TRUE(target.key.is_empty());
  EXPECT_EQ(target.key_source, KeySource::none);
}

TEST_F(ResolveTarget, IgnoresTheClientsKeyWhenACredentialIsStored) {
  hints_.provider_header = "@my-openai";
  hints_.x_api_key = "sk-other";
  EXPECT_EQ(resolved().key.reveal(), "sk-stored");
  EXPECT_EQ(resolved().key_source, KeySource::stored);
  hints_.provider_header = "@lab";
  EXPECT_TRUE(resolved().key.is_empty());
}

TEST_F(ResolveTarget, TakesTheEnvironmentForAStoredCredentialWithoutAKey) {
  hints_.provider_header = "@from-env";
  EXPECT_EQ(refused().code, ErrorCode::missing_provider_key);
  environment_.values["GEMINI_API_KEY"] = "sk-gemini";
  EXPECT_EQ(resolved().key.reveal(), "sk-gemini");
  EXPECT_EQ(resolved().key_source, KeySource::environment);
}

TEST_F(ResolveTarget, TakesTheHostOfTheStoredCredentialUnlessTheClientNamesATrustedOne) {
  hints_.provider_header = "@lab";
  EXPECT_EQ(resolved().custom_host, "http://10.0.0.5:8000/v1");
  EXPECT_EQ(resolved().host_source, HostSource::stored);
  hints_.custom_host = "http://localhost:9/v1";
  hints_.custom_host_trust = HostTrust::trusted;
  EXPECT_EQ(resolved().custom_host, "http://localhost:9/v1");
  EXPECT_EQ(resolved().host_source, HostSource::client);
  hints_ = {};
  hints_.provider_header = "ollama";
  EXPECT_EQ(resolved().custom_host, std::nullopt);
  EXPECT_EQ(resolved().host_source, HostSource::provider);
}

TEST_F(ResolveTarget, SendsAStoredKeyOnlyToHostsThatTheOperatorTrusts) {
  hints_.provider_header = "@my-openai";
  hints_.custom_host = "https://evil.example.com/v1";
  const Error error = refused();
  EXPECT_EQ(error.code, ErrorCode::custom_host_blocked);
  EXPECT_EQ(error.message.find("sk-stored"), std::string::npos);
  hints_.custom_host_trust = HostTrust::trusted;
  EXPECT_EQ(resolved().key.reveal(), "sk-stored");
}

TEST_F(ResolveTarget, SendsAKeyOfTheEnvironmentOnlyToHostsThatTheOperatorTrusts) {
  hints_.provider_header = "openai";
  hints_.authorization = {};
  hints_.custom_host = "https://evil.example.com/v1";
  environment_.values["OPENAI_API_KEY"] = "sk-env";
  const Error error = refused();
  EXPECT_EQ(error.code, ErrorCode::missing_provider_key);
  EXPECT_NE(error.message.find("TRUSTED_CUSTOM_HOSTS"), std::string::npos) << error.message;
  hints_.custom_host_trust = HostTrust::trusted;
  EXPECT_EQ(resolved().key.reveal(), "sk-env");
}

TEST_F(ResolveTarget, SendsTheClientsOwnKeyWhereverTheClientWants) {
  hints_.provider_header = "openai";
  hints_.custom_host = "https://llm.example.com/v1";
  const ResolvedTarget target = resolved();
  EXPECT_EQ(target.key.reveal(), "sk-client");
  EXPECT_EQ(target.custom_host, "https://llm.example.com/v1");
}

TEST_F(ResolveTarget, SurvivesTheStoreItCameFrom) {
  hints_.provider_header = "@lab";
  const ResolvedTarget target = resolved();
  store_ = ConfiguredCredentials({}, {});
  EXPECT_EQ(target.stored->slug, "lab");
  EXPECT_EQ(refused().code, ErrorCode::invalid_provider);
}

TEST(ConfiguredCredentials, KeepTheFirstOfTwoWithTheSameSlug) {
  const ConfiguredCredentials store(
      {{"a", "openai", Secret("1"), "", {}}, {"a", "groq", Secret("2"), "", {}}}, {});
  EXPECT_EQ(store.find("a")->provider, "openai");
  EXPECT_EQ(store.find("A"), nullptr);
}

TEST(ConfiguredCredentials, NameAtMostThreeNearSlugsTheNearestFirst) {
  const ConfiguredCredentials store({{"prod-openai", "o", Secret(), "", {}},
                                     {"openai", "o", Secret(), "", {}},
                                     {"openai2", "o", Secret(), "", {}},
                                     {"openai-eu", "o", Secret(), "", {}},
                                     {"mistral", "o", Secret(), "", {}}},
                                    {});
  EXPECT_EQ(store.near_slugs("openai1"), (std::vector<std::string>{"openai", "openai2"}));
  EXPECT_EQ(store.near_slugs("openai"),
            (std::vector<std::string>{"openai", "openai2", "openai-eu"}));
  EXPECT_TRUE(store.near_slugs("gemini-x").empty());
  EXPECT_TRUE(store.near_slugs(std::string(100'000, 'o')).empty());
}

}  // namespace
}  // namespace gatehouse::credentials
