"""20,000 hostile requests: each refused properly, nothing crashed, nothing leaked, nothing smuggled."""

import asyncio
import random
import re
import ssl
from collections import Counter

import pytest

from gateway_process import GATEWAY_KEY, GatewayProcess, eventually, is_sanitized, standard_config
from hostile_requests import COUNT, hostile_requests, kind_count
from verdicts import Afterwards, Verdict, code_allows

CONNECTIONS = 192
PATIENCE = 10
MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def impatient(fake, request, tmp_path_factory):
    """A gateway that gives up unfinished requests after a second."""
    from fixtures import started

    limits = {"header_timeout": "1s", "body_timeout": "1s", "idle_timeout": "5s"}
    config = standard_config(fake.base_url, server=limits)
    yield from started(GatewayProcess(tmp_path_factory.mktemp("hostile"), config), request)


class Malformed(Exception):
    """The gateway sent what is no HTTP answer."""


async def read_answer(reader: asyncio.StreamReader) -> tuple[int, dict] | None:
    """One whole answer; None when the connection ended before it began."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as cut_short:
        if cut_short.partial:
            raise Malformed(f"ended inside a head: {cut_short.partial[:100]!r}") from None
        return None
    lines = head[:-4].decode("latin-1").split("\r\n")
    found = re.fullmatch(r"HTTP/1\.1 (\d{3}) [^\r\n\x00]*", lines[0])
    if not found or any(not re.match(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+:", line) for line in lines[1:]):
        raise Malformed(f"no answer: {head[:200]!r}")
    fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    status = int(found.group(1))
    if status < 200:
        return await read_answer(reader)
    await read_body(reader, fields, status)
    return status, fields


async def read_body(reader: asyncio.StreamReader, fields: dict, status: int) -> None:
    if status in (204, 304):
        return
    if fields.get("transfer-encoding") == "chunked":
        while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
            await reader.readexactly(size + 2)
        await reader.readuntil(b"\r\n")
    elif "content-length" in fields:
        await reader.readexactly(int(fields["content-length"]))
    else:
        await reader.read()


async def send_pieces(writer: asyncio.StreamWriter, pieces) -> None:
    """Sends until done or until the other side does not listen any more."""
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
    except (ConnectionError, OSError):
        pass


async def answers_to(hostile, port: int) -> list[tuple[int, dict]]:
    """All answers on a connection that carried one hostile request."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    sender = asyncio.ensure_future(send_pieces(writer, hostile.pieces))
    answers = []
    try:
        while answer := await read_answer(reader):
            answers.append(answer)
            if hostile.afterwards is Afterwards.any:
                break
    except ConnectionError:
        if not answers:
            raise
    finally:
        sender.cancel()
        writer.close()
    return answers


def fault_of(hostile, answers: list) -> str | None:
    """What is wrong with these answers, or None."""
    if not answers:
        return "closed without an answer" if hostile.verdict is Verdict.refused else None
    statuses = [status for status, _ in answers]
    if not code_allows(hostile.verdict, statuses[0]):
        return f"answered {statuses[0]}"
    if hostile.afterwards is Afterwards.closes and len(answers) > 1:
        return f"answered {len(answers)} times: {statuses}"
    if "x-portkey-trace-id" not in answers[0][1]:
        return f"a {statuses[0]} without a trace id"
    return None


async def judge(hostile, port: int) -> str | None:
    try:
        return fault_of(hostile, await asyncio.wait_for(answers_to(hostile, port), PATIENCE))
    except TimeoutError:
        return "no end of it"
    except (ConnectionResetError, BrokenPipeError):
        return "reset" if hostile.verdict is Verdict.refused else None
    except (Malformed, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError) as bad:
        return f"malformed: {bad}"


async def attack(everything: list, port: int) -> Counter:
    """Sends all over many connections at once; counts the faults by kind."""
    faults: Counter = Counter()
    waiting = iter(everything)

    async def one_attacker() -> None:
        for hostile in waiting:
            fault = await judge(hostile, port)
            if fault:
                kind = "damaged" if hostile.name.startswith("damaged") else hostile.name
                faults[f"{kind}: {fault}"] += 1

    await asyncio.gather(*(one_attacker() for _ in range(CONNECTIONS)))
    return faults


def test_there_are_several_hundred_kinds():
    assert kind_count() >= 400
    assert len(hostile_requests("k")) == COUNT


def test_the_requests_are_the_same_every_time():
    assert hostile_requests("k") == hostile_requests("k")


def test_20000_hostile_requests_are_refused_survived_and_forgotten(impatient, fake):
    everything = hostile_requests(GATEWAY_KEY)
    asyncio.run(attack(everything[:2000], impatient.port))
    files_before, memory_before = impatient.open_files(), impatient.resident_bytes()
    faults = asyncio.run(attack(everything, impatient.port))
    assert impatient.is_running, impatient.output()[-3000:]
    assert impatient.chat("after the storm").status == 200
    eventually(lambda: impatient.open_files() <= files_before + 10, 15, "the return of the file descriptors")
    assert [one.target for one in fake.requests if "smuggled" in one.target] == []
    assert dict(faults) == {}
    if not is_sanitized():
        assert impatient.resident_bytes() - memory_before < 16 * MEGABYTE


def test_slow_senders_are_given_up_and_hold_nobody_up(impatient):
    async def trickle(port: int) -> bool:
        """True when the gateway ended the connection while bytes kept trickling in."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port)

        async def drip() -> None:
            await send_pieces(writer, [b"POST /v1/chat/completions HTTP/1.1\r\n"])
            while True:
                await send_pieces(writer, [b"x-a: b\r\n"])
                await asyncio.sleep(0.1)

        dripping = asyncio.ensure_future(drip())
        try:
            await asyncio.wait_for(reader.read(), PATIENCE)
            return True
        except ConnectionError:
            return True
        finally:
            dripping.cancel()
            writer.close()

    async def all_of_them() -> list:
        attackers = [asyncio.ensure_future(trickle(impatient.port)) for _ in range(300)]
        await asyncio.sleep(0.3)
        served = await asyncio.to_thread(impatient.chat, "meanwhile")
        assert served.status == 200
        return await asyncio.gather(*attackers)

    assert asyncio.run(all_of_them()) == [True] * 300


def test_thousands_of_silent_connections_hold_nobody_up(impatient):
    async def crowd() -> None:
        idle = [await asyncio.open_connection("127.0.0.1", impatient.port) for _ in range(1500)]
        served = await asyncio.to_thread(impatient.chat, "in the crowd")
        assert served.status == 200
        for _, writer in idle:
            writer.close()

    asyncio.run(crowd())


def test_garbage_on_a_tls_listener_is_survived(authority, fake, start_gateway):
    certificate = authority.certificate("front", "DNS:localhost,IP:127.0.0.1")
    tls = {"cert_file": str(certificate.cert_file), "key_file": str(certificate.key_file)}
    gateway = start_gateway(standard_config(fake.base_url, server={"tls": tls, "header_timeout": "1s"}))
    chance = random.Random(7)
    for _ in range(200):
        with gateway.connect() as client:
            client.send(b"\x16\x03\x01" + chance.randbytes(chance.randint(1, 400)))
    trust = ssl.create_default_context(cafile=authority.ca_file)
    with gateway.connect(tls=trust, server_name="localhost") as client:
        assert client.call("GET", "/health").status == 200
