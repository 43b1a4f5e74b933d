#include "attempt/attempt.h"
#include "base/text.h"
#include "http/server.h"

namespace gatehouse::attempt {

using async::Task;

namespace {

// Described by the answer's own framing, or not for the client of a gateway.
bool stays_here(std::string_view name) {
  if (http::is_hop_by_hop(name)) return true;
  switch (name.size()) {
    case 7: return equals_ignoring_case(name, "alt-svc");
    case 10: return equals_ignoring_case(name, "set-cookie");
    case 12: return equals_ignoring_case(name, "content-type");
    case 16: return equals_ignoring_case(name, "content-encoding");
    case 25: return equals_ignoring_case(name, "strict-transport-security");
    default: return false;
  }
}

}  // namespace

Answer json_answer(std::string text) {
  Answer answer;
  answer.status = 200;
  answer.content_type = "application/json";
  answer.length = text.size();
  answer.is_body_ready = true;
  answer.body = http::one_chunk(std::move(text));
  return answer;
}

Task<Answer> send(http::Pool& pool, Outgoing outgoing) {
  if (outgoing.row->reach == providers::Reach::in_process) {
    co_return co_await answer_in_process(std::move(outgoing));
  }
  const std::string authority = outgoing.url.authority();
  http::Call call;
  call.endpoint = {outgoing.url.host, outgoing.url.port, outgoing.url.is_tls(), outgoing.policy};
  call.method = outgoing.method;
  call.target = outgoing.url.target;
  call.fields = &outgoing.fields;
  call.host = authority;
  call.body = std::move(outgoing.body);
  call.upload = std::move(outgoing.upload);
  call.upload_length = outgoing.upload_length;
  call.timeouts = outgoing.timeouts;
  http::Answer upstream = co_await http::fetch(pool, std::move(call));
  const http::ResponseHead& head = upstream.head();
  Answer answer;
  answer.status = head.status;
  for (const http::Field& field : head.fields) {
    if (!stays_here(field.name)) answer.fields.add(field.name, field.value);
  }
  answer.content_type = head.fields.get("content-type");
  answer.content_encoding = head.fields.get("content-encoding");
  if (head.framing == http::Framing::length) answer.length = head.content_length;
  if (head.framing == http::Framing::none) answer.length = 0;
  answer.is_body_ready = upstream.is_body_ready();
  answer.body = upstream.take_body();
  co_return std::move(answer);
}

}  // namespace gatehouse::attempt
