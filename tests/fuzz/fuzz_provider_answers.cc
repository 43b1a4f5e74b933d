// Whole answers of providers, and their errors: whatever is understood can be told to every client.
#include "tests/fuzz/dialect_doors.h"

namespace {

using namespace gatehouse;

void tell_everyone(const llm::Reply& reply, const llm::Call& call) {
  using dialects::Compliance;
  for (const llm::DialectId dialect : fuzzing::kFrontDoors) {
    for (const Compliance compliance : {Compliance::strict, Compliance::lenient}) {
      const dialects::AnswerOptions options{compliance, "p", "id", 1, &call};
      fuzzing::expect_json(dialects::front_door(dialect)->encode_response(reply, options));
    }
  }
}

void tell_everyone(const Error& error) {
  for (const llm::DialectId dialect : fuzzing::kFrontDoors) {
    fuzzing::expect_json(
        dialects::front_door(dialect)->encode_error(error, {502, "upstream_error", {}}));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const dialects::BackDoor& back = *dialects::back_door(fuzzing::dialect_of(bytes[0]));
  const std::string_view body(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  const dialects::AnswerContext context{
      "p", "m", "id", dialects::Host::own, {"json_tool_call", {"sql"}}};
  llm::Call call;
  call.include = {"reasoning.encrypted_content"};
  const auto reply = back.decode_response(body, context);
  reply ? tell_everyone(*reply, call) : tell_everyone(reply.error());
  tell_everyone(back.decode_error({429, "p", body, "application/json", {}}));
  return 0;
}
