#!/usr/bin/env python3
"""Writes seeds for the fuzz targets of frames and dialects, made from the golden files, and of records.

make_seeds.py FOLDER fills FOLDER/fuzz_NAME/ for each of them.
"""

import base64
import json
import pathlib
import struct
import sys

_GOLDEN = pathlib.Path(__file__).resolve().parent.parent / 'golden'
_DIALECTS = ['openai_chat', 'openai_responses', 'anthropic_messages', 'gemini', 'bedrock_converse', 'cohere']


def digit(dialect: str) -> bytes:
    return str(_DIALECTS.index(dialect)).encode()


def settings_of(case: pathlib.Path) -> dict:
    settings = {}
    for file in (case.parent / 'settings.json', case / 'settings.json'):
        if file.is_file():
            settings.update(json.loads(file.read_text()))
    return settings


def sse_lines(text: str):
    """One line for each event: its name, a space, its data."""
    name = '-'
    for line in text.replace('\r\n', '\n').split('\n'):
        if line.startswith('event: '):
            name = line[7:]
        elif line.startswith('data: '):
            yield f'{name} {line[6:]}'


def aws_lines(binary: bytes):
    """The same for AWS's framing; an exception is marked by `!`."""
    while len(binary) >= 16:
        total, header_length = struct.unpack('>II', binary[:8])
        headers, at = {}, 12
        while at < 12 + header_length:
            name_end = at + 1 + binary[at]
            name = binary[at + 1:name_end].decode()
            length = struct.unpack('>H', binary[name_end + 1:name_end + 3])[0]
            headers[name] = binary[name_end + 3:name_end + 3 + length].decode()
            at = name_end + 3 + length
        payload = binary[12 + header_length:total - 4].decode()
        failed = headers.get(':exception-type')
        yield f'!{failed} {payload}' if failed else f'{headers.get(":event-type", "-")} {payload}'
        binary = binary[total:]


def seeds_of(case: pathlib.Path):
    """(target, bytes) for each file of a golden case."""
    settings = settings_of(case)
    upstream = digit(settings['upstream'])
    request = case / 'client_request.json'
    yield 'client_requests', digit(settings['client']) + request.read_bytes()
    answer, sse, binary = (case / f'upstream_response.{kind}' for kind in ('json', 'sse', 'b64'))
    if answer.is_file():
        yield 'provider_answers', upstream + answer.read_bytes()
    if sse.is_file():
        yield 'frames', sse.read_bytes()
        yield 'events', sse.read_bytes()
        yield 'provider_streams', upstream + '\n'.join(sse_lines(sse.read_text())).encode()
    if binary.is_file():
        stream = base64.b64decode(binary.read_text())
        yield 'frames', stream
        yield 'provider_streams', upstream + '\n'.join(aws_lines(stream)).encode()


def endpoint_seeds():
    """Kind, dialect, request and answer, one seed for each endpoint that has a protocol of its own."""
    embed = b'{"input":["a","b"],"dimensions":2}'
    rerank = b'{"query":"q","documents":["a",{"text":"b"}],"return_documents":true}'
    count = b'{"model":"m","messages":[{"role":"user","content":"Hi"}],"tools":[{"name":"t","input_schema":{}}]}'
    yield 0, 'gemini', embed, b'{"embeddings":[{"values":[0.5,1]},{"values":[2,3]}]}'
    yield 0, 'cohere', embed, b'{"embeddings":{"float":[[1,2],[3,4]]},"meta":{"tokens":{"input_tokens":3}}}'
    yield 0, 'bedrock_converse', embed, b'{"embedding":[1,2],"inputTextTokenCount":3}'
    yield 1, 'cohere', rerank, b'{"id":"r","results":[{"index":1,"relevance_score":0.5}]}'
    yield 2, 'gemini', b'{"prompt":"p","size":"1x2"}', b'{"predictions":[{"bytesBase64Encoded":"QQ=="}]}'
    yield 2, 'bedrock_converse', b'{"prompt":"p"}', b'{"images":["QQ=="],"artifacts":[{"base64":"QQ=="}]}'
    yield 3, 'gemini', b'', b'{"models":[{"name":"models/m"}]}'
    yield 4, 'gemini', count, b'{"totalTokens":3}'
    yield 4, 'openai_chat', count, b''


def packed_record() -> bytes:
    """One with every field (src/logs/packed_records.h)."""
    pairs = b'\x01\x01a\x01b'
    return (b'\xff\xff\xff\x1f' + b'\x00' + bytes(range(16)) + b'\x06trace' + b'\x80\x08' * 3 + b'\x02ab' * 14
            + b'\x90\x03\x29\x01' + pairs * 2 + b'\x04' * 4 + b'\x01\x06' + b'\x08' * 4
            + b'\x2c{"dropped":["seed"],"attempts":[{"wait":2}]}')


def main(folder: pathlib.Path):
    place = folder / 'fuzz_packed_records'
    place.mkdir(parents=True, exist_ok=True)
    (place / 'seed-two').write_bytes(b'\x01' + 2 * packed_record())
    (place / 'seed-based').write_bytes(b'\x02' + bytes(range(8)) + 2 * packed_record())
    place = folder / 'fuzz_endpoints'
    place.mkdir(parents=True, exist_ok=True)
    for number, (kind, dialect, request, answer) in enumerate(endpoint_seeds()):
        (place / f'seed-{number}').write_bytes(bytes([50 + kind]) + digit(dialect) + request + b'\n' + answer)
    for case in sorted(file.parent for file in _GOLDEN.glob('*/*/client_request.json')):
        for target, seed in seeds_of(case):
            place = folder / f'fuzz_{target}'
            place.mkdir(parents=True, exist_ok=True)
            (place / f'seed-{case.parent.name}-{case.name}').write_bytes(seed)


if __name__ == '__main__':
    main(pathlib.Path(sys.argv[1]))
