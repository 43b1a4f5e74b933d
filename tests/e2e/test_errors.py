"""Errors say what was wrong and how to repair it, in shapes that every client reads."""

import json

import pytest

from gateway_process import CLIENT_SECRET, GATEWAY_KEY


def assert_error_shape(answer) -> dict:
    """The gateway's own errors: the OpenAI shape and the Portkey fields beside it."""
    whole = answer.json()
    assert set(whole["error"]) >= {"message", "type", "param", "code"}
    assert whole["error"]["message"]
    assert answer.header("content-type").startswith("application/json")
    assert answer.header("x-portkey-trace-id")
    return whole


# -- the four of the seed document --------------------------------------------------------------


def test_unauthorized_in_words(gateway):
    answer = gateway.chat("m", {"x-portkey-provider": "demo"})
    whole = assert_error_shape(answer)
    assert answer.status == 401
    assert "Unauthorized" in whole["error"]["message"]
    assert "x-portkey-api-key" in whole["error"]["message"]


def test_a_missing_provider_key_in_words_with_the_three_ways_to_give_one(gateway, fake):
    headers = {"x-portkey-api-key": GATEWAY_KEY, "x-portkey-provider": "openai"}
    answer = gateway.chat("gpt-4o", headers)
    message = assert_error_shape(answer)["error"]["message"]
    assert answer.status == 401
    assert message.startswith("Missing API key for provider 'openai'")
    for way in ("Authorization", "OPENAI_API_KEY", "virtual key"):
        assert way in message
    assert fake.requests == []


def test_a_model_of_an_unknown_provider_in_words_with_near_names(gateway):
    headers = {"x-portkey-api-key": GATEWAY_KEY, "authorization": f"Bearer {CLIENT_SECRET}"}
    answer = gateway.chat("portkey/opnai/gpt-4o", headers)
    message = assert_error_shape(answer)["error"]["message"]
    assert answer.status in (400, 404)
    assert "opnai" in message and "openai" in message


def test_a_model_that_the_provider_does_not_know_in_words(gateway):
    answer = gateway.chat("error-404")
    message = assert_error_shape(answer)["error"]["message"]
    assert answer.status == 404
    assert "Model not supported" in message
    assert "The model does not exist." in message


def test_a_rate_limit_in_words_with_retry_after_kept(gateway):
    answer = gateway.chat("error-429")
    message = assert_error_shape(answer)["error"]["message"]
    assert answer.status == 429
    assert answer.header("retry-after") == "7"
    assert "Rate limit exceeded" in message
    assert "Rate limit reached for requests." in message


# -- upstream errors ----------------------------------------------------------------------------


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 429, 500, 503])
@pytest.mark.parametrize("stream", [False, True], ids=["blocking", "streaming"])
def test_upstream_errors_keep_status_type_and_code_and_name_the_provider(gateway, trace_id, status, stream):
    answer = gateway.chat(f"error-{status}", gateway.headers(x_portkey_trace_id=trace_id), stream=stream)
    assert answer.status == status
    whole = assert_error_shape(answer)
    assert whole["provider"] == "openai"
    assert answer.header("x-portkey-provider") == "openai"
    assert answer.header("x-request-id") == f"req-{status}"
    row = gateway.settled_once(trace_id)
    assert row["status"] == status
    assert row["error"]["message"]


UNREADABLE = {
    "html": (500, b"<html><body>Bad gateway</body></html>", "text/html"),
    "text": (502, b"upstream connect error", "text/plain"),
    "empty": (503, b"", "application/json"),
    "cut json": (500, b'{"error":{"message":"half', "application/json"),
    "other json": (400, b'{"detail":[{"msg":"field required"}]}', "application/json"),
    "a string": (400, b'{"error":"just words"}', "application/json"),
    "binary": (500, bytes(range(256)), "application/octet-stream"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_any_upstream_error_becomes_the_openai_shape(gateway, fake, name):
    status, body, content_type = UNREADABLE[name]

    async def play(exchange):
        await exchange.answer(status, body, {"Content-Type": content_type})

    fake.on("unreadable", play)
    answer = gateway.chat("unreadable")
    assert answer.status == status
    assert assert_error_shape(answer)["provider"] == "openai"


def test_invalid_json_with_status_200_passes_and_is_recorded(gateway, fake, trace_id):
    async def play(exchange):
        await exchange.answer(200, b'{"choices":[{"mess')

    fake.on("invalid", play)
    answer = gateway.chat("invalid", gateway.headers(x_portkey_trace_id=trace_id))
    assert answer.body == b'{"choices":[{"mess' or answer.status >= 500
    assert gateway.settled_once(trace_id)["total_tokens"] is None


# -- bad requests -------------------------------------------------------------------------------


BAD_BODIES = {
    "empty": b"",
    "no json": b"hello",
    "half": b'{"model":"m","messages":[',
    "a list": b"[]",
    "a string": b'"model"',
    "trailing garbage": b'{"model":"m","messages":[]} x',
    "model is a number": b'{"model":4,"messages":[]}',
    "model is null": b'{"model":null,"messages":[]}',
    "bad utf-8": b'{"model":"\xff\xfe","messages":[]}',
    "stream is a string": b'{"model":"m","messages":[],"stream":"yes"}',
}


@pytest.mark.parametrize("name", BAD_BODIES)
def test_a_bad_body_is_a_400_that_says_why(gateway, fake, name):
    answer = gateway.call("POST", "/v1/chat/completions", BAD_BODIES[name])
    assert answer.status == 400, answer.body
    assert_error_shape(answer)
    assert fake.requests == []


def test_a_wrong_content_type_is_refused(gateway):
    answer = gateway.call(
        "POST",
        "/v1/chat/completions",
        b"a=b",
        gateway.headers(content_type="application/x-www-form-urlencoded"),
    )
    assert answer.status == 400
    assert "Invalid content type passed" in answer.message


def test_no_provider_at_all_is_a_400_that_names_the_ways(gateway):
    answer = gateway.chat(
        "gpt-4o", {"x-portkey-api-key": GATEWAY_KEY, "authorization": f"Bearer {CLIENT_SECRET}"}
    )
    assert answer.status == 400
    assert "x-portkey-provider" in answer.message


def test_an_unknown_provider_is_a_400_with_near_names(gateway):
    answer = gateway.chat("gpt-4o", gateway.headers(x_portkey_provider="opnai"))
    assert answer.status == 400
    assert "openai" in answer.message


def test_an_unknown_path_is_a_404_in_the_same_shape(gateway):
    answer = gateway.call("GET", "/nothing/here")
    assert answer.status == 404
    assert_error_shape(answer)


def test_a_wrong_method_on_the_gateways_own_path_is_a_405(gateway):
    answer = gateway.call("PUT", "/health")
    assert answer.status == 405
    assert_error_shape(answer)


# -- trace ids ----------------------------------------------------------------------------------


PLACES = [
    ("GET", "/health"),
    ("GET", "/v1/logs"),
    ("GET", "/nope"),
    ("POST", "/v1/chat/completions"),
    ("GET", "/v1/models"),
    ("GET", "/v1/any"),
]


@pytest.mark.parametrize("method,target", PLACES)
@pytest.mark.parametrize("who", ["known", "unknown"])
def test_a_trace_id_is_on_every_answer_and_a_given_one_comes_back(gateway, method, target, who):
    headers = gateway.headers() if who == "known" else {}
    given = gateway.call(method, target, b"", headers | {"x-portkey-trace-id": "given-1"})
    made = gateway.call(method, target, b"", headers)
    again = gateway.call(method, target, b"", headers)
    assert given.header("x-portkey-trace-id") == "given-1"
    assert made.header("x-portkey-trace-id")
    assert made.header("x-portkey-trace-id") != again.header("x-portkey-trace-id")


def test_a_trace_id_cannot_split_an_answer(gateway):
    with gateway.connect() as client:
        client.send(b"GET /health HTTP/1.1\r\nhost: x\r\nx-portkey-trace-id: a\x0bb\xff\r\n\r\n")
        answer = client.read_answer()
    assert answer.head.count(b"HTTP/1.1") == 1
    assert json.dumps(answer.headers)
