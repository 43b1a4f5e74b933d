#include <sys/prctl.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <string>

#include "bench/upstream/answers.h"
#include "bench/upstream/upstream.h"

namespace gatehouse::bench {
namespace {

sockaddr_in address_or_throw(const std::string& text) {
  const std::optional<sockaddr_in> address = parse_address(text);
  if (!address) throw CLI::ValidationError("'" + text + "' is not ADDRESS:PORT (IPv4)");
  return *address;
}

void print_payload(const std::string& kind) {
  std::string payload;
  if (kind == "json") {
    payload = completion();
  } else {
    for (const std::string& event : stream_events()) payload += event;
  }
  std::fwrite(payload.data(), 1, payload.size(), stdout);
}

int run(int argc, char** argv) {
  CLI::App app{
      "A provider to call in benchmarks. Prints its ports as JSON, then serves until stopped."};
  std::string plain = "127.0.0.1:0";
  std::string tls = "127.0.0.1:0";
  std::string print;
  double gap_ms = 5;
  Upstream::Settings settings;
  app.add_option("--listen", plain, "where to listen; port 0 takes a free one")
      ->capture_default_str();
  app.add_option("--listen-tls", tls, "where to listen with TLS, if there is a certificate");
  auto* const certificate =
      app.add_option("--certificate", settings.certificate_file, "PEM file of the certificate");
  app.add_option("--key", settings.key_file, "PEM file of its key")->needs(certificate);
  app.add_option("--gap-ms", gap_ms,
                 "time between the events of a stream under /spaced/ and /spread/")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_option("--print", print, "print the body that is answered, and end")
      ->check(CLI::IsMember({"json", "stream"}));
  try {
    app.parse(argc, argv);
    if (!print.empty()) {
      print_payload(print);
      return 0;
    }
    settings.plain = address_or_throw(plain);
    settings.tls = address_or_throw(tls);
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  }
  settings.gap = std::chrono::nanoseconds(static_cast<long>(gap_ms * 1e6));
  raise_descriptor_limit();
  prctl(PR_SET_TIMERSLACK, 1UL);  // the default of 50 us would be 1 % of every gap
  Upstream upstream(settings);
  const std::string ports = R"({"plain":)" + std::to_string(upstream.plain_port()) + R"(,"tls":)" +
                            std::to_string(upstream.tls_port()) + "}";
  std::puts(ports.c_str());
  std::fflush(stdout);
  upstream.run();
}

}  // namespace
}  // namespace gatehouse::bench

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // TLS writes to a connection that was closed
  try {
    return gatehouse::bench::run(argc, argv);
  } catch (const std::exception& error) {
    std::fputs(("bench_upstream: " + std::string(error.what()) + "\n").c_str(), stderr);
    return 1;
  }
}
