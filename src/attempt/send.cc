#include "attempt/attempt.h"
#include "base/text.h"
#include "http/server.h"

namespace gatehouse::attempt {

using async::Task;

namespace {

bool is_named(std::string_view name, std::string_view wanted) {
  return name.size() == wanted.size() && equals_ignoring_case(name, wanted);
}

// Described by the answer's own framing, or not for the client of a gateway.
bool stays_here(std::string_view name) {
  if (http::is_hop_by_hop(name)) return true;
  switch (name.size()) {
    case 7: return equals_ignoring_case(name, "alt-svc");
    case 10: return equals_ignoring_case(name, "set-cookie");
    case 25: return equals_ignoring_case(name, "strict-transport-security");
    default: return false;
  }
}

void take_fields(const http::Fields& fields, Answer& answer) {
  constexpr std::size_t kUsual = 512;
  answer.fields.reserve(kUsual);
  for (const auto& [name, value] : fields) {
    if (is_named(name, "content-type")) {
      if (answer.content_type.empty()) answer.content_type = value;
    } else if (is_named(name, "content-encoding")) {
      if (answer.content_encoding.empty()) answer.content_encoding = value;
    } else if (!stays_here(name)) {
      answer.fields.add(name, value);
    }
  }
}

}  // namespace

AnswerPtr json_answer(std::string text) {
  auto answer = std::make_unique<Answer>();
  answer->status = 200;
  answer->content_type = "application/json";
  answer->length = text.size();
  answer->is_body_ready = true;
  answer->body = http::one_chunk(std::move(text));
  return answer;
}

// NOLINTNEXTLINE(*-avoid-reference-coroutine-parameters): the awaiting caller's
Task<AnswerPtr> send(http::Pool& pool, Outgoing& outgoing) {
  if (outgoing.row->reach == providers::Reach::in_process) {
    co_return co_await answer_in_process(outgoing);
  }
  http::Call call;
  call.endpoint = {outgoing.url.host, outgoing.url.port, outgoing.url.is_tls(), outgoing.policy};
  call.method = outgoing.method;
  call.target = outgoing.url.target;
  call.fields = &outgoing.fields;
  call.body = outgoing.body.span();
  call.upload = std::move(outgoing.upload);
  call.upload_length = outgoing.upload_length;
  call.timeouts = outgoing.timeouts;
  http::Answer upstream = co_await http::fetch(pool, call);
  const http::ResponseHead& head = upstream.head();
  auto answer = std::make_unique<Answer>();
  answer->status = head.status;
  take_fields(head.fields, *answer);
  if (head.framing == http::Framing::length) answer->length = head.content_length;
  if (head.framing == http::Framing::none) answer->length = 0;
  answer->is_body_ready = upstream.is_body_ready();
  answer->body = upstream.take_body();
  co_return std::move(answer);
}

}  // namespace gatehouse::attempt
