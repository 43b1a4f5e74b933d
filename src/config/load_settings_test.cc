#include "config/load_settings.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "config/show_settings.h"

namespace gatehouse::config {
namespace {

using std::chrono::milliseconds;

const Environment kNoVariables;

Settings loaded(std::string_view text, const Environment& environment = kNoVariables) {
  LoadedSettings settings = parse_settings(text, "g.yaml", environment);
  if (settings) return *settings;
  ADD_FAILURE() << format_problems(settings.error());
  return {};
}

std::vector<Problem> problems_of(std::string_view text,
                                 const Environment& environment = kNoVariables) {
  LoadedSettings settings = parse_settings(text, "g.yaml", environment);
  if (!settings) return std::move(settings.error());
  ADD_FAILURE() << "loaded: " << text;
  return {};
}

TEST(LoadSettings, NeedsNoFileAtAll) {
  const LoadedSettings settings = load_settings(std::nullopt, kNoVariables);
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->server.listen, std::vector{ListenAddress{}});
  EXPECT_EQ(settings->server.listen.front().text(), "127.0.0.1:8787");
  EXPECT_EQ(settings->server.auth, AuthMode::required);
  EXPECT_EQ(settings->server.max_body_bytes, 64U * 1024 * 1024);
  EXPECT_EQ(settings->upstream.first_byte_timeout, milliseconds(300'000));
  EXPECT_TRUE(settings->logs.enabled);
  EXPECT_TRUE(settings->file.empty());
}

TEST(LoadSettings, TakesAnEmptyFileForTheDefaults) {
  for (const std::string_view text : {"", "# nothing\n", "---\n", "{}", "server:\nlogs:\n"}) {
    EXPECT_EQ(show_settings(loaded(text)), show_settings(Settings{})) << text;
  }
}

constexpr std::string_view kWholeFile = R"(
data_dir: /var/lib/gatehouse
log_level: debug
metrics: false
server:
  listen: [127.0.0.1:9000, "[::1]:9000"]
  threads: 2
  auth: optional
  max_head_bytes: 32KiB
  max_headers: 50
  max_body_bytes: 1MiB
  max_connections: 10
  header_timeout: 1s
  body_timeout: 2s
  idle_timeout: 3s
  write_timeout: 4s
  drain_timeout: 0
  trust_forwarded: [127.0.0.1, 10.0.0.0/8]
  cors: {origins: ["https://app.example.com"], headers: [authorization], max_age: 10m}
upstream:
  connect_timeout: 500ms
  first_byte_timeout: 2m
  idle_timeout: 1m
  total_timeout: 1h
  keepalive_idle: 5s
  max_idle_per_host: 4
  resolve: ipv4_first
  trusted_custom_hosts: [llm.corp, "*.lan"]
logs:
  enabled: true
  bodies: false
  max_body_bytes: 0
  headers: [X-Session-Id]
  retention_days: 7
  max_bytes: 1GB
api_keys:
  - {name: ci, key: "${CI_KEY}", scopes: [completions.write]}
  - name: people
    hash: sha256:00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF
virtual_keys:
  my-openai: {provider: openai, api_key: "${OPENAI_API_KEY}"}
  lab:
    provider: vllm
    custom_host: http://10.0.0.5:8000/v1/
    headers: {X-Team: research}
providers:
  house-llm:
    base_url: http://llm:8000/v1
    dialect: openai_chat
    auth: "api-key: {key}"
    headers: {X-Org: acme}
    env_vars: [HOUSE_KEY]
    aliases: [house]
    quirks:
      drop: [logit_bias]
      rename: {max_completion_tokens: max_tokens}
      defaults: {temperature: 0.5, mode: fast, level: "5", safe: true}
      developer_role: developer
      stream_usage: false
dummy_credentials: [nothing]
headers_to_metadata: [X-App]
)";

const Environment& two_keys() {
  static const Environment kKeys{{"CI_KEY", "pk-ci-0123456789abcdef"},
                                 {"OPENAI_API_KEY", "sk-0123456789abcdef"}};
  return kKeys;
}

TEST(LoadSettings, ReadsTheServerAndItsLimits) {
  const ServerSettings server = loaded(kWholeFile, two_keys()).server;
  ASSERT_EQ(server.listen.size(), 2U);
  EXPECT_EQ(server.listen[1].text(), "[::1]:9000");
  EXPECT_EQ(server.threads, 2U);
  EXPECT_EQ(server.auth, AuthMode::optional);
  EXPECT_EQ(server.max_head_bytes, 32U * 1024);
  EXPECT_EQ(server.max_headers, 50U);
  EXPECT_EQ(server.max_connections, 10U);
  EXPECT_EQ(server.write_timeout, milliseconds(4000));
  EXPECT_EQ(server.drain_timeout, milliseconds(0));
  ASSERT_EQ(server.trust_forwarded.size(), 2U);
  EXPECT_EQ(server.trust_forwarded[1].text(), "10.0.0.0/8");
  EXPECT_EQ(server.cors.origins, std::vector<std::string>{"https://app.example.com"});
  EXPECT_EQ(server.cors.max_age, milliseconds(600'000));
}

TEST(LoadSettings, ReadsTheUpstreamTheRecordAndTheRest) {
  const Settings settings = loaded(kWholeFile, two_keys());
  EXPECT_EQ(settings.upstream.connect_timeout, milliseconds(500));
  EXPECT_EQ(settings.upstream.total_timeout, milliseconds(3'600'000));
  EXPECT_EQ(settings.upstream.resolve, AddressChoice::ipv4_first);
  EXPECT_FALSE(settings.logs.bodies);
  EXPECT_EQ(settings.logs.headers, std::vector<std::string>{"x-session-id"});
  EXPECT_EQ(settings.logs.max_bytes, 1'000'000'000U);
  EXPECT_EQ(settings.log_level, LogLevel::debug);
  EXPECT_FALSE(settings.metrics);
  EXPECT_EQ(settings.data_dir, "/var/lib/gatehouse");
  EXPECT_EQ(settings.dummy_credentials, std::vector<std::string>{"nothing"});
  EXPECT_EQ(settings.headers_to_metadata, std::vector<std::string>{"x-app"});
  EXPECT_EQ(settings.file, "g.yaml");
}

TEST(LoadSettings, ReadsKeysWithTheirSecretsFromTheEnvironment) {
  const Settings settings = loaded(kWholeFile, two_keys());
  ASSERT_EQ(settings.api_keys.size(), 2U);
  EXPECT_EQ(settings.api_keys[0].key.reveal(), "pk-ci-0123456789abcdef");
  EXPECT_EQ(settings.api_keys[0].scopes, std::vector{exchange::Scope::completions_write});
  EXPECT_FALSE(settings.api_keys[0].hash);
  ASSERT_TRUE(settings.api_keys[1].hash);
  EXPECT_EQ((*settings.api_keys[1].hash)[1], 0x11);
  EXPECT_EQ((*settings.api_keys[1].hash)[31], 0xff);
  const VirtualKeyEntry& stored = settings.virtual_keys.at("my-openai");
  EXPECT_EQ(stored.provider, "openai");
  EXPECT_EQ(stored.api_key.reveal(), "sk-0123456789abcdef");
  EXPECT_EQ(stored.place.line, 41);
  const VirtualKeyEntry& lab = settings.virtual_keys.at("lab");
  EXPECT_EQ(lab.base_url, "http://10.0.0.5:8000/v1");
  ASSERT_EQ(lab.headers.size(), 1U);
  EXPECT_EQ(lab.headers[0].name, "x-team");
  EXPECT_EQ(lab.headers[0].value.reveal(), "research");
}

TEST(LoadSettings, ReadsTheCache) {
  const Settings settings = loaded(R"(
cache:
  mode: semantic
  max_age: 1h
  disk_bytes: 0
  semantic: {provider: "@embedder", model: small, threshold: 0.9}
)");
  EXPECT_EQ(settings.cache.mode, exchange::CacheMode::semantic);
  EXPECT_EQ(settings.cache.max_age, std::chrono::hours(1));
  EXPECT_EQ(settings.cache.disk_bytes, 0U);
  EXPECT_EQ(settings.cache.semantic.provider, "@embedder");
  EXPECT_DOUBLE_EQ(settings.cache.semantic.threshold, 0.9);
  EXPECT_TRUE(settings.cache.semantic.is_enabled());
}

TEST(LoadSettings, RefusesASemanticCacheThatNobodyCanEmbedFor) {
  EXPECT_EQ(problems_of("cache: {mode: semantic}").size(), 1U);
  EXPECT_EQ(problems_of("cache: {semantic: {provider: openai}}").size(), 1U);
  EXPECT_EQ(problems_of("cache: {semantic: {threshold: 1.5}}").size(), 1U);
}

TEST(LoadSettings, ReadsAnOperatorsOwnProvider) {
  const Settings settings = loaded(kWholeFile, two_keys());
  const ProviderEntry& entry = settings.providers.at("house-llm");
  EXPECT_EQ(entry.base_url, "http://llm:8000/v1");
  EXPECT_EQ(entry.auth, "api-key: {key}");
  EXPECT_EQ(entry.aliases, std::vector<std::string>{"house"});
  EXPECT_EQ(entry.env_vars, std::vector<std::string>{"HOUSE_KEY"});
  EXPECT_EQ(entry.quirks.rename, (std::vector<NamedText>{{"max_completion_tokens", "max_tokens"}}));
  EXPECT_EQ(
      entry.quirks.defaults,
      (std::vector<NamedText>{
          {"temperature", "0.5"}, {"mode", "\"fast\""}, {"level", "\"5\""}, {"safe", "true"}}));
  EXPECT_EQ(entry.quirks.stream_usage, false);
}

struct Mistake {
  std::string_view text;
  Place place;
  std::string_view what;
  std::string_view allowed;
};

class Mistakes : public testing::TestWithParam<Mistake> {};

TEST_P(Mistakes, AreToldWithTheirPlaceAndWhatIsAllowed) {
  const std::vector<Problem> problems = problems_of(GetParam().text);
  ASSERT_EQ(problems.size(), 1U) << format_problems(problems);
  EXPECT_EQ(problems[0].file, "g.yaml");
  EXPECT_EQ(problems[0].place, GetParam().place) << format_problem(problems[0]);
  EXPECT_NE(problems[0].what.find(GetParam().what), std::string::npos) << problems[0].what;
  EXPECT_NE(problems[0].allowed.find(GetParam().allowed), std::string::npos) << problems[0].allowed;
}

constexpr Mistake kMistakes[] = {
    {"server:\n  lisen: 1\n",
     {2, 3},
     "unknown key 'lisen' in server; did you mean 'listen'?",
     "listen, threads"},
    {"sever: {}\n", {1, 1}, "unknown key 'sever'; did you mean 'server'?", "upstream"},
    {"zzz: 1\n", {1, 1}, "unknown key 'zzz'", "server"},
    {"server: []\n", {1, 9}, "server must be a mapping, but is a list", "listen"},
    {"server: 5\n", {1, 9}, "server must be a mapping, but is a single value", "listen"},
    {"- a\n", {1, 1}, "the file must be a mapping", "server"},
    {"server:\n  threads: [1]\n", {2, 12}, "server.threads must be a single value", "whole number"},
    {"server:\n  threads: many\n", {2, 12}, "'many' is no value for server.threads", "0 to 1024"},
    {"server:\n  header_timeout: 10\n", {2, 19}, "'10' is no value", "30s"},
    {"server:\n  header_timeout: 0\n", {2, 19}, "'0' is no value", "a duration"},
    {"server:\n  auth: maybe\n", {2, 9}, "'maybe' is no value", "required, optional"},
    {"server:\n  listen:\n    - 127.0.0.1:1\n    - nowhere\n",
     {4, 7},
     "'nowhere' is no value for server.listen[1]",
     "ADDRESS:PORT"},
    {"server:\n  listen: []\n", {2, 3}, "server.listen is empty", "127.0.0.1:8787"},
    {"logs:\n  bodies: yes\n", {2, 11}, "'yes' is no value for logs.bodies", "true, false"},
    {"logs:\n  max_bytes: 1 furlong\n", {2, 14}, "is no value", "64KiB"},
    {"metrics: true\nmetrics: false\n",
     {2, 1},
     "'metrics' stands twice in the file; first in line 1",
     ""},
    {"server:\n  tls: {cert_file: /dev/null}\n", {2, 8}, "only one of", "both, or neither"},
    {"server:\n  tls: {cert_file: /absent.pem}\n", {2, 20}, "/absent.pem", "can be read"},
    {"api_keys:\n  - key: k\n", {2, 5}, "api_keys[0] has no name", "name"},
    {"api_keys:\n  - name: a\n", {2, 5}, "must have a key or a hash", "key: ${VARIABLE}"},
    {"api_keys:\n  - {name: a, key: k, hash: "
     "0000000000000000000000000000000000000000000000000000000000000000}\n",
     {2, 5},
     "and not both",
     "hash"},
    {"api_keys:\n  - {name: a, hash: abc}\n",
     {2, 21},
     "no value for api_keys[0].hash",
     "64 hex digits"},
    {"api_keys:\n  - {name: a, key: k, scopes: [all]}\n",
     {2, 32},
     "'all' is no value",
     "completions.write, logs.list"},
    {"providers:\n  a: {dialect: openai}\n", {2, 16}, "'openai' is no value", "openai_chat"},
    {"api_keys:\n  - {name: a, key: k}\n  - {name: a, key: l}\n", {3, 5}, "'a' stands twice", ""},
    {"virtual_keys:\n  a: {api_key: k}\n", {2, 6}, "virtual_keys.a names no provider", "openai"},
    {"virtual_keys:\n  a/b: {provider: openai}\n", {2, 3}, "'a/b' is no slug", "letters"},
    {"virtual_keys:\n  a: {provider: openai, api_key: \"${ABSENT}\"}\n",
     {2, 34},
     "'ABSENT' is not set (in virtual_keys.a.api_key)",
     "${NAME:-default}"},
    {"providers:\n  a: {base_url: ftp://x}\n",
     {2, 17},
     "no value for providers.a.base_url",
     "https://"},
    {"providers:\n  a: {headers: {'x y': z}}\n", {2, 17}, "'x y' is no name here", "header"},
    {"upstream:\n  trusted_custom_hosts: ['http://a']\n", {2, 26}, "http://a", "*.domain"},
    {"server: {listen: [}\n", {1, 19}, "this is no YAML", ""},
    {"server:\n\tlisten: 1\n", {2, 8}, "this is no YAML", ""},
};
INSTANTIATE_TEST_SUITE_P(Each, Mistakes, testing::ValuesIn(kMistakes));

TEST(LoadSettings, ReportsAllProblemsInTheOrderOfTheFile) {
  const std::vector<Problem> problems = problems_of(
      "server:\n  thread: 1\n  auth: no\nlogs:\n  bodies: 5\nvirtual_keys:\n  a: {}\n"
      "upstream: {connect_timeout: soon}\n");
  ASSERT_EQ(problems.size(), 5U) << format_problems(problems);
  for (int i = 0; i < 5; ++i) {
    constexpr int kLines[] = {2, 3, 5, 7, 8};
    EXPECT_EQ(problems[static_cast<std::size_t>(i)].place.line, kLines[i]);
  }
}

TEST(LoadSettings, NeverShowsWhatAVariableHolds) {
  const Environment environment{{"SECRET", "sk-do-not-show"}};
  const std::vector<Problem> problems =
      problems_of("server:\n  threads: ${SECRET}\n  listen: '${SECRET}'\n", environment);
  ASSERT_EQ(problems.size(), 2U);
  const std::string text = format_problems(problems);
  EXPECT_EQ(text.find("do-not-show"), std::string::npos) << text;
  EXPECT_NE(text.find("'${SECRET}' is no value for server.threads"), std::string::npos) << text;
}

TEST(LoadSettings, NeverShowsASecretThatStandsInTheWrongPlace) {
  for (const std::string_view text :
       {"api_keys: [{name: a, hash: gk-do-not-show}]\n", "api_keys: gk-do-not-show\n",
        "providers: {a: {auth: 'api-key: sk-do-not-show'}}\n",
        "providers: {a: {base_url: 'https://me:do-not-show@a.example'}}\n",
        "virtual_keys: {a: sk-do-not-show}\n",
        "virtual_keys: {a: {provider: b, api_key: \"sk-do-not-show\\n\"}}\n"}) {
    const std::string shown = format_problems(problems_of(text));
    EXPECT_EQ(shown.find("do-not-show"), std::string::npos) << shown;
  }
}

TEST(LoadSettings, InterpolatesBeforeItJudges) {
  const Environment environment{{"PORT", "9100"}};
  const Settings settings =
      loaded("server:\n  listen: 127.0.0.1:${PORT}\n  threads: ${THREADS:-3}\n", environment);
  EXPECT_EQ(settings.server.listen.front().port, 9100);
  EXPECT_EQ(settings.server.threads, 3U);
}

TEST(LoadSettings, ReadsReferencesInsideBracesWithoutQuotes) {
  const Environment environment{{"OPENAI_API_KEY", "sk-1"}};
  const Settings settings = loaded(
      "virtual_keys: {my-openai: {provider: openai, api_key: ${OPENAI_API_KEY}}}\n"
      "data_dir: $${HOME}\ndummy_credentials: [a, ${X:-b}, \"${Y:-c}\"]\n",
      environment);
  EXPECT_EQ(settings.virtual_keys.at("my-openai").api_key.reveal(), "sk-1");
  EXPECT_EQ(settings.data_dir, "${HOME}");
  EXPECT_EQ(settings.dummy_credentials, (std::vector<std::string>{"a", "b", "c"}));
}

TEST(LoadSettings, PlacesProblemsRightBehindAReference) {
  const std::vector<Problem> problems =
      problems_of("virtual_keys: {a: {provider: ${P:-x}, api_key: ${ABSENT}, nope: 1}}\n");
  ASSERT_EQ(problems.size(), 2U) << format_problems(problems);
  EXPECT_EQ(problems[0].place, (Place{1, 48}));
  EXPECT_EQ(problems[1].place, (Place{1, 59}));
}

TEST(LoadSettings, RefusesAFileThatCannotBeRead) {
  for (const std::string& path : {testing::TempDir() + "absent.yaml", testing::TempDir()}) {
    const LoadedSettings settings = load_settings(path, kNoVariables);
    ASSERT_FALSE(settings);
    EXPECT_NE(format_problems(settings.error()).find("cannot be read"), std::string::npos);
  }
}

TEST(LoadSettings, ReadsAFile) {
  const std::filesystem::path path = std::filesystem::path(testing::TempDir()) / "some.yaml";
  std::ofstream(path) << "metrics: false\n";
  const LoadedSettings settings = load_settings(path, kNoVariables);
  std::filesystem::remove(path);
  ASSERT_TRUE(settings);
  EXPECT_FALSE(settings->metrics);
  EXPECT_EQ(settings->file, path.string());
}

TEST(LoadSettings, TakesTheAdminKeyAndTheMetadataHeadersFromTheEnvironment) {
  const Settings settings =
      loaded("headers_to_metadata: [x-a]\n",
             Environment{{"GATEHOUSE_ADMIN_KEY", " gk-1 "}, {"HEADERS_TO_METADATA", "X-B, x-c"}});
  ASSERT_TRUE(settings.admin_key);
  EXPECT_EQ(settings.admin_key->reveal(), "gk-1");
  EXPECT_FALSE(loaded("", Environment{{"GATEHOUSE_ADMIN_KEY", ""}}).admin_key);
  EXPECT_EQ(settings.headers_to_metadata, (std::vector<std::string>{"x-b", "x-c"}));
}

TEST(TrustedCustomHosts, AreThisMachineOnALoopbackListenerAndNobodyOtherwise) {
  EXPECT_TRUE(trusted_hosts_of(Settings{}).trusts("localhost"));
  EXPECT_TRUE(trusted_hosts_of(Settings{}).trusts("127.0.0.1"));
  EXPECT_TRUE(trusted_hosts_of(Settings{}).trusts("::1"));
  const Settings open = loaded("server: {listen: [127.0.0.1:1, 0.0.0.0:1]}\n");
  EXPECT_FALSE(trusted_hosts_of(open).trusts("localhost"));
  EXPECT_FALSE(trusted_hosts_of(open).trusts("127.0.0.1"));
}

TEST(TrustedCustomHosts, AreWhatTheVariableSaysElseWhatTheFileSays) {
  constexpr std::string_view kFile = "upstream: {trusted_custom_hosts: [from.file]}\n";
  EXPECT_TRUE(trusted_hosts_of(loaded(kFile)).trusts("from.file"));
  EXPECT_FALSE(trusted_hosts_of(loaded(kFile)).trusts("127.0.0.1"));
  const Environment variable{{"TRUSTED_CUSTOM_HOSTS", "llm.corp, 10.0.0.1"}};
  EXPECT_TRUE(trusted_hosts_of(loaded(kFile, variable)).trusts("llm.corp"));
  EXPECT_TRUE(trusted_hosts_of(loaded(kFile, variable)).trusts("10.0.0.1"));
  EXPECT_FALSE(trusted_hosts_of(loaded(kFile, variable)).trusts("from.file"));
  EXPECT_FALSE(trusted_hosts_of(loaded("", variable)).trusts("127.0.0.1"));
  const Environment nobody{{"TRUSTED_CUSTOM_HOSTS", ""}};
  EXPECT_FALSE(trusted_hosts_of(loaded("", nobody)).trusts("127.0.0.1"));
}

TEST(TrustedCustomHosts, MustBeHostsInTheVariableToo) {
  const auto problems = problems_of("", Environment{{"TRUSTED_CUSTOM_HOSTS", "a, http://b"}});
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(format_problem(problems[0]),
            "environment: TRUSTED_CUSTOM_HOSTS holds 'http://b'\n"
            "  allowed: a host, *.domain, an address or a range of addresses\n");
}

TEST(SavedOnly, IsWhatTheVariableSaysElseWhatTheFileSays) {
  EXPECT_FALSE(loaded("").server.saved_only);
  EXPECT_TRUE(loaded("server: {saved_only: true}\n").server.saved_only);
  EXPECT_TRUE(loaded("", Environment{{"BLOCK_INLINE_CONFIG", "true"}}).server.saved_only);
  EXPECT_FALSE(loaded("server: {saved_only: true}\n", Environment{{"BLOCK_INLINE_CONFIG", "false"}})
                   .server.saved_only);
  EXPECT_TRUE(loaded("server: {saved_only: true}\n", Environment{{"BLOCK_INLINE_CONFIG", ""}})
                  .server.saved_only);
  const auto problems = problems_of("", Environment{{"BLOCK_INLINE_CONFIG", "1?"}});
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(format_problem(problems[0]),
            "environment: BLOCK_INLINE_CONFIG is '1?'\n  allowed: true, false\n");
}

std::string first_yaml_block(const std::filesystem::path& page) {
  std::ifstream stream(page);
  const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  constexpr std::string_view kFence = "```yaml\n";
  const std::size_t start = text.find(kFence);
  if (start == std::string::npos) return {};
  const std::size_t first = start + kFence.size();
  return text.substr(first, text.find("```", first) - first);
}

TEST(LoadSettings, HasTheDefaultsThatItsPageSays) {
  const std::string block =
      first_yaml_block(std::filesystem::path(GATEHOUSE_SOURCE_DIR) / "docs/configuration.md");
  ASSERT_FALSE(block.empty());
  EXPECT_EQ(show_settings(loaded(block)), show_settings(Settings{}));
}

TEST(ShowSettings, GivesAFileThatLoadsToTheSameSettings) {
  const std::string shown = show_settings(Settings{});
  EXPECT_EQ(show_settings(loaded(shown)), shown);
  const Settings whole = loaded(kWholeFile, two_keys());
  const Settings again = loaded(show_settings(whole));
  EXPECT_EQ(again.server, whole.server);
  EXPECT_EQ(again.upstream, whole.upstream);
  EXPECT_EQ(again.logs, whole.logs);
  EXPECT_EQ(again.providers.at("house-llm").quirks, whole.providers.at("house-llm").quirks);
}

TEST(ShowSettings, MasksEverySecret) {
  const Settings settings = loaded(kWholeFile, two_keys());
  for (const std::string& text : {show_settings(settings), summarize_settings(settings)}) {
    EXPECT_EQ(text.find("0123456789"), std::string::npos) << text;
    EXPECT_NE(text.find("****cdef"), std::string::npos) << text;
  }
  EXPECT_EQ(show_settings(settings).find("research"), std::string::npos);
}

TEST(ShowSettings, SumsUpWhatACheckFound) {
  const std::string text = summarize_settings(loaded(kWholeFile, two_keys()));
  EXPECT_EQ(text,
            "g.yaml: OK\n"
            "  listen: 127.0.0.1:9000, [::1]:9000\n"
            "  gateway keys: optional, 2 configured\n"
            "    ci: ****cdef\n"
            "    people: hashed\n"
            "  virtual keys: 2\n"
            "    @lab: vllm, key from the provider's environment variable\n"
            "    @my-openai: openai, key ****cdef\n"
            "  own or changed providers: 1\n"
            "    house-llm: http://llm:8000/v1\n");
}

}  // namespace
}  // namespace gatehouse::config
