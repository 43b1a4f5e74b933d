"""Nothing is held whole: uploads, downloads and slow readers cost the gateway no memory."""

import contextlib
import hashlib
import threading

import pytest

import openai_answers
from gateway_process import chat_body, eventually, is_sanitized, standard_config

MEGABYTE = 1024 * 1024
BLOCK = bytes(range(256)) * 256


def assert_flat_memory(gateway, before: int) -> None:
    """The peak since `before` is far below what went through."""
    allowed = (256 if is_sanitized() else 12) * MEGABYTE
    assert gateway.peak_resident_bytes() - before < allowed


def multipart(parts_before: bytes, size: int):
    """A multipart body of a file of `size` bytes: its head, its blocks, its tail, its length."""
    head = (
        b'--edge\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nbatch\r\n' + parts_before +
        b'--edge\r\nContent-Disposition: form-data; name="file"; filename="big.jsonl"\r\n'
        b"Content-Type: application/octet-stream\r\n\r\n"
    )  # fmt: skip
    tail = b"\r\n--edge--\r\n"
    return head, size // len(BLOCK), tail, len(head) + size + len(tail)


def upload_headers(gateway, length: int, **extra) -> dict:
    fields = gateway.headers(content_type="multipart/form-data; boundary=edge", **extra)
    return fields | {"content-length": str(length)}


def send_upload(client, gateway, size: int, **extra) -> str:
    """Sends the upload and gives the digest of what was sent."""
    head, blocks, tail, length = multipart(b"", size)
    client.send_request("POST", "/v1/files", b"", upload_headers(gateway, length, **extra))
    digest = hashlib.sha256(head)
    client.send(head)
    for _ in range(blocks):
        client.send(BLOCK)
        digest.update(BLOCK)
    client.send(tail)
    digest.update(tail)
    return digest.hexdigest()


async def take_rest(exchange):
    while await exchange.read_some():
        pass


async def take_upload(exchange):
    await take_rest(exchange)
    await exchange.answer(200, {"id": "file-big", "object": "file"})


def warm(gateway) -> int:
    """Memory after some ordinary work, and a new measurement of the peak."""
    for _ in range(20):
        gateway.chat("warm")
    gateway.forget_peak()
    return gateway.resident_bytes()


def test_a_big_upload_streams_through_in_flat_memory(gateway, fake, trace_id):
    fake.on("POST /v1/files", take_upload)
    before = warm(gateway)
    with gateway.connect(timeout=60) as client:
        digest = send_upload(client, gateway, 512 * MEGABYTE, x_portkey_trace_id=trace_id)
        assert client.read_answer().json()["id"] == "file-big"
    seen = fake.wait_for(lambda one: one.path == "/v1/files")
    assert seen.body_digest == digest
    assert_flat_memory(gateway, before)
    assert gateway.settled_once(trace_id)["end"] == "complete"


def test_a_chunked_upload_streams_through(gateway, fake):
    fake.on("POST /v1/files", take_upload)
    head, _, tail, _ = multipart(b"", 0)
    fields = gateway.headers(content_type="multipart/form-data; boundary=edge", transfer_encoding="chunked")
    with gateway.connect() as client:
        lines = ["POST /v1/files HTTP/1.1", "host: x"] + [
            f"{name}: {value}" for name, value in fields.items()
        ]
        client.send(("\r\n".join(lines) + "\r\n\r\n").encode())
        for piece in [head] + [BLOCK] * 40 + [tail]:
            client.send(b"%x\r\n%s\r\n" % (len(piece), piece))
        client.send(b"0\r\n\r\n")
        assert client.read_answer().status == 200
    assert fake.wait_for(lambda one: one.path == "/v1/files").body == head + BLOCK * 40 + tail


def test_the_provider_sees_an_upload_before_the_client_has_sent_it_all(gateway, fake):
    gate = fake.gate()

    async def take_slowly(exchange):
        await exchange.read_some()
        await gate.passed()
        await take_upload(exchange)

    fake.on("POST /v1/files", take_slowly)
    head, _, tail, length = multipart(b"", len(BLOCK))
    with gateway.connect() as client:
        client.send_request("POST", "/v1/files", b"", upload_headers(gateway, length))
        client.send(head + BLOCK[:1000])
        assert gate.reached.wait(5)
        gate.open()
        client.send(BLOCK[1000:] + tail)
        assert client.read_answer().status == 200


def test_a_provider_that_reads_slowly_slows_the_client_and_not_the_memory(gateway, fake):
    gate = fake.gate()

    async def read_nothing_yet(exchange):
        await gate.passed()
        await take_upload(exchange)

    fake.on("POST /v1/files", read_nothing_yet)
    before = warm(gateway)
    with gateway.connect(timeout=60) as client:
        digests = []
        sender = threading.Thread(target=lambda: digests.append(send_upload(client, gateway, 256 * MEGABYTE)))
        sender.start()
        assert gate.reached.wait(5)
        sender.join(2)
        assert sender.is_alive(), "the client must not be able to send it all"
        assert_flat_memory(gateway, before)
        gate.open()
        sender.join(60)
        assert client.read_answer().status == 200
    assert fake.wait_for(lambda one: one.path == "/v1/files").body_digest == digests[0]


def test_a_client_that_leaves_in_its_upload_ends_the_upstream_call(gateway, fake, trace_id):
    fake.on("POST /v1/files", take_upload)
    with gateway.connect() as client:
        headers = upload_headers(gateway, 10 * MEGABYTE, x_portkey_trace_id=trace_id)
        client.send_request("POST", "/v1/files", b"", headers)
        client.send(BLOCK * 4)
        request = fake.wait_for(lambda one: one.path == "/v1/files")
    assert request.client_closed.wait(1) or request.finished.wait(1)
    assert gateway.settled_once(trace_id)["end"] == "client_gone"


def test_an_early_answer_to_an_upload_reaches_the_client(gateway, fake):
    async def refuse_unread(exchange):
        await exchange.read_some()
        await exchange.answer(413, openai_answers.error_body(400), {"Connection": "close"})
        await take_rest(exchange)

    fake.on("POST /v1/files", refuse_unread)
    with gateway.connect() as client:
        client.send_request("POST", "/v1/files", b"", upload_headers(gateway, 50 * MEGABYTE))
        client.send(BLOCK)
        answer = client.read_answer()
    assert answer.status == 413
    assert openai_answers.error_body(400)["error"]["message"] in answer.message


def test_a_provider_that_refuses_an_upload_and_closes_is_not_mistaken_for_a_broken_one(gateway, fake):
    async def refuse_and_close(exchange):
        await exchange.read_some()
        await exchange.answer(413, openai_answers.error_body(400), {"Connection": "close"})
        exchange.cut()

    fake.on("POST /v1/files", refuse_and_close)
    with gateway.connect() as client:
        client.send_request("POST", "/v1/files", b"", upload_headers(gateway, 50 * MEGABYTE))
        with contextlib.suppress(ConnectionError):
            for _ in range(50 * MEGABYTE // len(BLOCK)):
                client.send(BLOCK)
        assert client.read_answer().status == 413


# -- slow readers -------------------------------------------------------------------------------


def flood(megabytes: int):
    async def play(exchange):
        await exchange.send_sse_head()
        event = b"data: " + b"x" * 65528 + b"\n\n"
        for _ in range(megabytes * 16):
            await exchange.send_chunk(event)
        await exchange.send_event("[DONE]")
        await exchange.end_chunks()

    return play


def is_still(read_counter) -> bool:
    """True when a counter is the same a moment later."""
    moment = threading.Event()
    first = read_counter()
    moment.wait(0.4)
    return read_counter() == first


def test_a_slow_reader_holds_back_the_upstream_and_costs_no_memory(gateway, fake, trace_id):
    fake.on("flood", flood(192))
    before = warm(gateway)
    with gateway.connect(receive_buffer=65536, timeout=60) as client:
        headers = gateway.headers(x_portkey_trace_id=trace_id)
        client.send_request("POST", "/v1/chat/completions", chat_body("flood", stream=True), headers)
        request = fake.wait_for_model("flood")
        eventually(
            lambda: request.bytes_sent > 0 and is_still(lambda: request.bytes_sent), 20, "back-pressure"
        )
        assert request.bytes_sent < 32 * MEGABYTE
        assert_flat_memory(gateway, before)
        client.read_head()
        rest, ended = client.read_to_any_end()
    assert ended and rest.endswith(b"data: [DONE]\n\n")
    assert len(rest) == 192 * MEGABYTE + len(b"data: [DONE]\n\n")
    assert gateway.settled_once(trace_id)["end"] == "complete"
    assert_flat_memory(gateway, before)


def test_a_slow_reader_does_not_slow_others(gateway, fake):
    fake.on("flood", flood(64))
    with gateway.connect(receive_buffer=65536) as slow:
        slow.send_request("POST", "/v1/chat/completions", chat_body("flood", stream=True), gateway.headers())
        fake.wait_for_model("flood")
        for _ in range(50):
            assert gateway.chat("quick").status == 200


def test_a_big_download_streams_through_in_flat_memory(gateway, fake):
    async def give(exchange):
        await exchange.send_head(
            200, {"Content-Type": "application/octet-stream", "Content-Length": str(256 * MEGABYTE)}
        )
        for _ in range(256 * MEGABYTE // len(BLOCK)):
            await exchange.send(BLOCK)

    fake.on("GET /v1/files/file-1/content", give)
    before = warm(gateway)
    digest, count = hashlib.sha256(), 0
    with gateway.connect(timeout=60) as client:
        client.send_request("GET", "/v1/files/file-1/content", b"", gateway.headers())
        answer = client.read_head()
        while count < int(answer.header("content-length")):
            piece = client.read_exactly(min(MEGABYTE, 256 * MEGABYTE - count))
            digest.update(piece)
            count += len(piece)
    assert digest.digest() == hashlib.sha256(BLOCK * (256 * MEGABYTE // len(BLOCK))).digest()
    assert_flat_memory(gateway, before)


# -- limits -------------------------------------------------------------------------------------


@pytest.fixture
def narrow(fake, start_gateway):
    return start_gateway(
        standard_config(fake.base_url, server={"max_body_bytes": "64KiB", "max_head_bytes": "8KiB"})
    )


def test_a_json_body_beyond_the_limit_is_refused_with_413(narrow, fake):
    answer = narrow.chat("too-big", padding="p" * 70_000)
    assert answer.status == 413
    assert "65536" in answer.message or "64" in answer.message
    assert fake.for_model("too-big") == []


def test_a_chunked_json_body_beyond_the_limit_is_refused_with_413(narrow):
    with narrow.connect() as client:
        lines = ["POST /v1/chat/completions HTTP/1.1", "host: x", "transfer-encoding: chunked"]
        lines += [
            f"{name}: {value}" for name, value in narrow.headers(content_type="application/json").items()
        ]
        client.send(("\r\n".join(lines) + "\r\n\r\n").encode())
        client.send(b"8000\r\n" + b" " * 0x8000 + b"\r\n")
        client.send(b"8000\r\n" + b" " * 0x8000 + b"\r\n")
        client.send(b"8000\r\n" + b" " * 0x8000 + b"\r\n")
        assert client.read_answer().status == 413


def test_a_head_beyond_the_limit_is_refused_with_431(narrow):
    answer = narrow.chat("any", narrow.headers(x_long="h" * 10_000))
    assert answer.status == 431
    assert answer.message


def test_an_upload_is_not_bound_by_the_limit_of_json_bodies(narrow, fake):
    fake.on("POST /v1/files", take_upload)
    with narrow.connect() as client:
        send_upload(client, narrow, MEGABYTE)
        assert client.read_answer().status == 200
