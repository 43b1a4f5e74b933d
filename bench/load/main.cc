#include <sys/prctl.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/load/plan.h"
#include "bench/load/run.h"
#include "bench/load/summary.h"

namespace gatehouse::bench {
namespace {

struct Arguments {
  std::string target;
  std::string path = "/v1/chat/completions";
  std::vector<std::string> fields;
  std::string body_file;
  std::string expected_file;
  std::string number_mark;
  double warm_up = 0;
  double window = 1;
  double limit = 60;
  bool announces_open = false;
  Plan plan;
};

std::string text_of(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw std::runtime_error("cannot read " + file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string request_of(const Arguments& arguments) {
  const std::string body = arguments.body_file.empty() ? "" : text_of(arguments.body_file);
  std::string text = (body.empty() ? "GET " : "POST ") + arguments.path +
                     " HTTP/1.1\r\nHost: " + arguments.target +
                     "\r\nAccept: */*\r\nUser-Agent: gatehouse-bench\r\n";
  for (const std::string& field : arguments.fields) text += field + "\r\n";
  if (!body.empty()) {
    text +=
        "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  }
  return text + "\r\n" + body;
}

void declare(CLI::App& app, Arguments& arguments) {
  Plan& plan = arguments.plan;
  app.add_option("--to", arguments.target, "ADDRESS:PORT of the target (IPv4)")->required();
  app.add_option("--path", arguments.path, "what to ask for")->capture_default_str();
  app.add_option("--header", arguments.fields, "a header field, 'name: value'; may be repeated");
  app.add_option("--body", arguments.body_file, "file with the body to POST; without it: GET");
  app.add_option("--expect", arguments.expected_file,
                 "file with the payload that every answer must have");
  app.add_option("--number", arguments.number_mark,
                 "eight characters of the body that count the requests up: no two are the same");
  app.add_option("--first-number", plan.first_number, "with --number: where they begin");
  app.add_option("--connections", plan.connections, "how many to keep open")->capture_default_str();
  app.add_option("--sources", plan.sources, "loopback addresses to connect from")
      ->capture_default_str();
  app.add_option("--requests", plan.requests, "stop after so many, instead of by time");
  app.add_option("--rate", plan.rate,
                 "requests a second, evenly spaced; else as fast as answers come");
  app.add_option("--warm-up", arguments.warm_up, "seconds before the window")
      ->capture_default_str();
  app.add_option("--seconds", arguments.window, "length of the window")->capture_default_str();
  app.add_option("--limit", arguments.limit, "seconds after which the run ends in any case")
      ->capture_default_str();
  app.add_option("--pid", plan.measured, "a process of the target, to measure; may be repeated");
  app.add_flag("--announce-open", arguments.announces_open,
               "print {\"open\":N} once every connection has the beginning of an answer");
}

Nanoseconds seconds_of(double value) { return Nanoseconds(static_cast<long long>(value * 1e9)); }

int run(int argc, char** argv) {
  CLI::App app{"Sends chat completions to one target and prints what came of it as JSON."};
  Arguments arguments;
  declare(app, arguments);
  CLI11_PARSE(app, argc, argv);

  Plan& plan = arguments.plan;
  const std::optional<sockaddr_in> target = parse_address(arguments.target);
  if (!target) throw std::runtime_error("'" + arguments.target + "' is not ADDRESS:PORT (IPv4)");
  plan.target = *target;
  plan.request = request_of(arguments);
  if (!arguments.number_mark.empty()) {
    plan.number_at = plan.request.find(arguments.number_mark);
    if (plan.number_at == std::string::npos || arguments.number_mark.size() != kNumberSize) {
      throw std::runtime_error("'" + arguments.number_mark +
                               "' is not eight characters of the body");
    }
  }
  if (!arguments.expected_file.empty()) plan.expected = text_of(arguments.expected_file);
  plan.warm_up = seconds_of(arguments.warm_up);
  plan.window = seconds_of(arguments.window);
  plan.limit = seconds_of(arguments.limit);
  if (arguments.announces_open) plan.announce = Announce::all_open;

  raise_descriptor_limit();
  prctl(PR_SET_TIMERSLACK,
        1UL);  // the default of 50 us would be added to every latency at a fixed rate
  std::puts(to_json(Run(plan).go()).c_str());
  return 0;
}

}  // namespace
}  // namespace gatehouse::bench

int main(int argc, char** argv) {
  try {
    return gatehouse::bench::run(argc, argv);
  } catch (const std::exception& error) {
    std::fputs(("bench_load: " + std::string(error.what()) + "\n").c_str(), stderr);
    return 1;
  }
}
