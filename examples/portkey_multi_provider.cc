// The same question to several models at once: their answers, latency and tokens in a table.
// Models: the arguments, or the gateway's demo under several names.
#include <gatehouse/client.h>

#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

namespace lm = gatehouse::client;
using Clock = std::chrono::steady_clock;

namespace {

struct Row {
  std::string model;
  std::string answer;
  long long milliseconds = 0;
  lm::Usage usage;
};

std::string first_line(const std::string& text, std::size_t width) {
  std::string line = text.substr(0, text.find('\n'));
  if (line.size() > width) line = line.substr(0, width - 3) + "...";
  return line;
}

Row ask(const std::string& model, const std::string& question) {
  Row row;
  row.model = model;
  const Clock::time_point begun = Clock::now();
  try {
    const lm::OpenAIGPT llm(lm::OpenAIGPTConfig{.chat_model = model, .max_output_tokens = 200});
    const lm::LLMResponse response = llm.chat(question);
    row.answer = response.message;
    row.usage = response.usage;
  } catch (const lm::ClientError& error) {
    row.answer = std::string("Error: ") + error.what();
  }
  using std::chrono::milliseconds;
  row.milliseconds = std::chrono::duration_cast<milliseconds>(Clock::now() - begun).count();
  return row;
}

void print(const std::vector<Row>& rows) {
  std::printf("%-36s %6s %8s %8s  %s\n", "model", "ms", "read", "written", "answer");
  for (const Row& row : rows) {
    std::printf("%-36s %6lld %8lld %8lld  %s\n", row.model.c_str(), row.milliseconds,
                static_cast<long long>(row.usage.prompt),
                static_cast<long long>(row.usage.completion), first_line(row.answer, 60).c_str());
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> models(argv + 1, argv + argc);
  if (models.empty()) {
    models = {"portkey/demo/gpt-4o-mini", "portkey/demo/claude-3-haiku",
              "portkey/demo/gemini-2.0-flash-lite", "portkey/demo/demo-error-429"};
  }
  std::vector<Row> rows;
  for (const std::string& model : models) {
    rows.push_back(ask(model, "In one sentence: what is a gatehouse?"));
  }
  print(rows);
  return 0;
}
