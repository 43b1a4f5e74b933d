// Requests of clients, in every dialect that has a front door: whatever is understood can be put to
// every provider as JSON, or is refused.
#include "tests/fuzz/dialect_doors.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace gatehouse;
  if (size == 0) return 0;
  const dialects::FrontDoor* front = dialects::front_door(fuzzing::dialect_of(bytes[0]));
  if (front == nullptr) return 0;
  const std::string_view body(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  const auto call = front->decode_request(body);
  if (!call) {
    fuzzing::expect_json(front->encode_error(call.error(), {400, "invalid_request_error", {}}));
    return 0;
  }
  for (const llm::DialectId dialect : fuzzing::kDialects) {
    for (const std::string_view model : fuzzing::kModels) {
      const auto request =
          dialects::back_door(dialect)->encode_request(*call, {.provider = "p", .model = model});
      if (request) fuzzing::expect_json(request->body);
    }
  }
  return 0;
}
