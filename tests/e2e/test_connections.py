"""Connections: kept alive, gone stale, pipelined, over TLS, over IPv6."""

import json
import ssl
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from fake_upstream import FakeUpstream
from gateway_process import chat_body, eventually, standard_config

# -- upstream connections -----------------------------------------------------------------------


def test_upstream_connections_are_used_again(gateway, fake):
    opened = fake.connections_opened
    with gateway.connect() as client:
        for number in range(20):
            answer = client.call("POST", "/v1/chat/completions", chat_body(f"m{number}"), gateway.headers())
            assert answer.status == 200
    assert fake.connections_opened - opened <= 1


def test_a_connection_that_the_provider_closed_while_idle_costs_no_request(gateway, fake):
    for number in range(20):
        assert gateway.chat(f"stale-{number}").status == 200
        fake.close_idle_connections()
        eventually(lambda: fake.open_connections == 0)
    assert len(fake.requests) == 20, "and no request is sent twice"


def test_connections_that_have_rested_serve_on(gateway, fake):
    opened = fake.connections_opened
    with gateway.connect() as client, gateway.connect() as halfway:
        for number in range(3):
            body = json.dumps(chat_body(f"half-{number}")).encode()
            fields = gateway.headers() | {"host": "gateway", "content-length": str(len(body))}
            halfway.send(b"POST /v1/chat/completions HTTP/1.1\r\n")
            answer = client.call("POST", "/v1/chat/completions", chat_body(f"r{number}"), gateway.headers())
            assert answer.json()["model"] == f"r{number}"
            time.sleep(1.3)  # a loop without events gives its spare memory back after a second
            halfway.send("".join(f"{name}: {value}\r\n" for name, value in fields.items()).encode())
            halfway.send(b"\r\n" + body)
            answer = halfway.read_body(halfway.read_head(), "POST")
            assert answer.json()["model"] == f"half-{number}"
    assert fake.connections_opened - opened <= 2  # one a loop


def test_a_provider_that_says_close_is_believed(gateway, fake):
    async def say_close(exchange):
        await exchange.answer(200, {"ok": True}, {"Connection": "close"})
        exchange.cut()

    fake.on("closing", say_close)
    assert [gateway.chat("closing").status for _ in range(10)] == [200] * 10


def test_a_cancelled_stream_never_poisons_the_pool(gateway, fake):
    async def half(exchange):
        await exchange.send_sse_head()
        await exchange.send_event("half")
        await exchange.until_client_leaves()

    fake.on("half", half)
    for _ in range(5):
        with gateway.connect() as client:
            client.send_request(
                "POST", "/v1/chat/completions", chat_body("half", stream=True), gateway.headers()
            )
            client.read_head()
        assert gateway.chat("after").json()["model"] == "after"


def test_bytes_after_an_answer_never_become_the_next_answer(gateway, fake):
    async def too_much(exchange):
        await exchange.send(
            b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison"
        )

    fake.on("too-much", too_much)
    assert gateway.chat("too-much").body == b"{}"
    assert gateway.chat("after").json()["model"] == "after"


def test_an_interim_answer_is_passed_over(gateway, fake):
    async def interim(exchange):
        await exchange.send(b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
        await exchange.answer(200, {"final": True})

    fake.on("interim", interim)
    assert gateway.chat("interim").json() == {"final": True}


# -- client connections -------------------------------------------------------------------------


def test_pipelined_requests_are_answered_in_order(gateway):
    with gateway.connect() as client:
        for number in range(10):
            client.send_request("POST", "/v1/chat/completions", chat_body(f"p{number}"), gateway.headers())
        models = [client.read_answer().json()["model"] for _ in range(10)]
    assert models == [f"p{number}" for number in range(10)]


def test_a_request_cut_into_single_bytes_is_understood(gateway):
    with gateway.connect() as client, gateway.connect() as template:
        sent = []
        template.send = sent.append
        template.send_request("POST", "/v1/chat/completions", chat_body("slowly"), gateway.headers())
        for byte in sent[0]:
            client.send(bytes([byte]))
        assert client.read_answer().json()["model"] == "slowly"


def test_a_chunked_request_is_understood(gateway, fake):
    body = b'{"model":"chunked","messages":[{"role":"user","content":"x"}]}'
    with gateway.connect() as client:
        lines = ["POST /v1/chat/completions HTTP/1.1", "host: x", "transfer-encoding: chunked"]
        lines += [
            f"{name}: {value}" for name, value in gateway.headers(content_type="application/json").items()
        ]
        client.send(("\r\n".join(lines) + "\r\n\r\n").encode())
        for start in range(0, len(body), 7):
            piece = body[start : start + 7]
            client.send(b"%x;x=y\r\n%s\r\n" % (len(piece), piece))
        client.send(b"0\r\nTrailer: t\r\n\r\n")
        assert client.read_answer().status == 200
    assert fake.wait_for_model("chunked").body == body


def test_a_client_that_expects_100_continue_is_told_to_go_on(gateway):
    body = b'{"model":"expects","messages":[{"role":"user","content":"x"}]}'
    with gateway.connect() as client:
        fields = gateway.headers(expect="100-continue", content_type="application/json")
        fields["content-length"] = str(len(body))
        client.send_request("POST", "/v1/chat/completions", b"", fields)
        assert client.socket.recv(65536).startswith(b"HTTP/1.1 100 ")
        client.send(body)
        assert client.read_answer().json()["model"] == "expects"


def test_connection_close_is_honoured(gateway):
    with gateway.connect() as client:
        answer = client.call(
            "POST", "/v1/chat/completions", chat_body("m"), gateway.headers(connection="close")
        )
        assert (answer.header("connection") or "").lower() == "close"
        assert client.is_closed_by_peer()


def test_an_http_1_0_client_is_answered_without_chunks_and_closed(gateway):
    with gateway.connect() as client:
        fields = "".join(f"{name}: {value}\r\n" for name, value in gateway.headers().items())
        body = b'{"model":"old","stream":true,"messages":[{"role":"user","content":"x"}]}'
        fields += f"content-type: application/json\r\ncontent-length: {len(body)}\r\n"
        head = f"POST /v1/chat/completions HTTP/1.0\r\n{fields}\r\n"
        client.send(head.encode() + body)
        answer = client.read_answer()
        assert answer.header("transfer-encoding") is None
        assert answer.body.endswith(b"data: [DONE]\n\n")


def test_an_idle_client_connection_is_closed_after_its_time(start_gateway):
    gateway = start_gateway({"server": {"idle_timeout": "300ms"}})
    with gateway.connect() as client:
        assert client.call("GET", "/health").status == 200
        assert client.is_closed_by_peer()


def test_a_slow_head_is_given_up_after_its_time(start_gateway):
    gateway = start_gateway({"server": {"header_timeout": "300ms"}})
    with gateway.connect() as client:
        client.send(b"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nx-slow: ")
        answer = client.socket.recv(65536)
        assert answer == b"" or answer.startswith(b"HTTP/1.1 408 ")


def test_many_clients_at_once_get_their_own_answers(gateway):
    def ask(number: int) -> str:
        with gateway.connect() as client:
            answers = [
                client.call("POST", "/v1/chat/completions", chat_body(f"c{number}-{turn}"), gateway.headers())
                for turn in range(10)
            ]
        return ",".join(one.json()["model"] for one in answers)

    with ThreadPoolExecutor(32) as pool:
        said = list(pool.map(ask, range(64)))
    assert said == [",".join(f"c{number}-{turn}" for turn in range(10)) for number in range(64)]


def test_a_stream_is_not_held_back_until_it_is_complete(gateway, fake):
    gate = fake.gate()

    async def gated(exchange):
        await exchange.send_sse_head()
        await exchange.send_event("first")
        await gate.passed()
        await exchange.send_event("[DONE]")
        await exchange.end_chunks()

    fake.on("gated", gated)
    with gateway.connect() as client:
        client.send_request(
            "POST", "/v1/chat/completions", chat_body("gated", stream=True), gateway.headers()
        )
        client.read_head()
        assert client.read_event() == b"data: first\n\n"
        gate.open()
        assert client.read_event() == b"data: [DONE]\n\n"
        assert client.read_chunk() == b""


# -- TLS ----------------------------------------------------------------------------------------


@pytest.fixture
def tls_fake(authority):
    certificate = authority.certificate("upstream", "DNS:localhost,IP:127.0.0.1")
    with FakeUpstream(tls=certificate.server_context()) as upstream:
        yield upstream


def test_a_tls_provider_is_reached_and_its_connections_kept(tls_fake, authority, start_gateway):
    upstream = {"ca_file": str(authority.ca_file)}
    gateway = start_gateway(standard_config(tls_fake.base_url, upstream=upstream))
    with gateway.connect() as client:
        for number in range(10):
            answer = client.call("POST", "/v1/chat/completions", chat_body(f"m{number}"), gateway.headers())
            assert answer.status == 200, answer.body
    assert tls_fake.connections_opened == 1


def test_a_tls_stream_arrives_whole(tls_fake, authority, start_gateway):
    upstream = {"ca_file": str(authority.ca_file)}
    gateway = start_gateway(standard_config(tls_fake.base_url, upstream=upstream))
    assert gateway.chat("m", stream=True).body.endswith(b"data: [DONE]\n\n")


def test_a_tls_provider_of_an_unknown_authority_is_refused(tls_fake, start_gateway):
    gateway = start_gateway(standard_config(tls_fake.base_url))
    answer = gateway.chat("m")
    assert answer.status in (502, 503)
    assert "certificate" in answer.message.lower()
    assert tls_fake.requests == []


def test_a_certificate_for_another_name_is_refused(authority, start_gateway):
    certificate = authority.certificate("stranger", "DNS:stranger.example")
    with FakeUpstream(tls=certificate.server_context()) as stranger:
        gateway = start_gateway(
            standard_config(stranger.base_url, upstream={"ca_file": str(authority.ca_file)})
        )
        assert gateway.chat("m").status in (502, 503)
        assert stranger.requests == []


def test_the_listener_speaks_tls(authority, fake, start_gateway):
    certificate = authority.certificate("front", "DNS:localhost,IP:127.0.0.1")
    tls = {"cert_file": str(certificate.cert_file), "key_file": str(certificate.key_file)}
    gateway = start_gateway(standard_config(fake.base_url, server={"tls": tls}))
    assert gateway.url.startswith("https://")
    trust = ssl.create_default_context(cafile=authority.ca_file)
    with gateway.connect(tls=trust, server_name="localhost") as client:
        whole = client.call("POST", "/v1/chat/completions", chat_body("m"), gateway.headers())
        stream = client.call("POST", "/v1/chat/completions", chat_body("m", stream=True), gateway.headers())
    assert whole.json()["model"] == "m"
    assert stream.body.endswith(b"data: [DONE]\n\n")


def test_plain_http_on_a_tls_listener_hurts_nobody(authority, fake, start_gateway):
    certificate = authority.certificate("front", "DNS:localhost,IP:127.0.0.1")
    tls = {"cert_file": str(certificate.cert_file), "key_file": str(certificate.key_file)}
    gateway = start_gateway(standard_config(fake.base_url, server={"tls": tls}))
    with gateway.connect() as client:
        client.send(b"GET /health HTTP/1.1\r\nhost: x\r\n\r\n")
        assert not client.socket.recv(65536).startswith(b"HTTP/1.1 2")
    trust = ssl.create_default_context(cafile=authority.ca_file)
    with gateway.connect(tls=trust, server_name="localhost") as client:
        assert client.call("GET", "/health").status == 200


# -- addresses ----------------------------------------------------------------------------------


def test_the_listener_takes_an_ipv6_address(fake, start_gateway):
    gateway = start_gateway(standard_config(fake.base_url), listen="[::1]:0")
    assert gateway.url.startswith("http://[::1]:")
    assert gateway.chat("m").json()["model"] == "m"


def test_a_provider_is_reached_over_ipv6(start_gateway):
    with FakeUpstream(host="::1") as upstream:
        gateway = start_gateway(standard_config(f"http://[::1]:{upstream.port}/v1"))
        assert gateway.chat("m").json()["model"] == "m"
        assert upstream.requests[0].header("host") == f"[::1]:{upstream.port}"


def test_a_provider_name_is_resolved(fake, start_gateway):
    gateway = start_gateway(standard_config(f"http://localhost:{fake.port}/v1"))
    assert gateway.chat("m").json()["model"] == "m"
    assert fake.requests[-1].header("host") == f"localhost:{fake.port}"


def test_a_provider_name_that_does_not_exist_is_a_clear_error(start_gateway):
    gateway = start_gateway(standard_config("http://no-such-host.invalid/v1"))
    answer = gateway.chat("m")
    assert answer.status in (502, 503)
    assert "no-such-host.invalid" in answer.message


def test_a_slow_name_does_not_hold_up_others(fake, start_gateway):
    gateway = start_gateway(standard_config("http://no-such-host.invalid/v1"))
    asking = threading.Thread(target=lambda: gateway.chat("m"))
    asking.start()
    headers = gateway.headers(x_portkey_provider="demo")
    assert gateway.chat("demo-chat", headers).status == 200
    asking.join()
