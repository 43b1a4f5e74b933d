"""Providers with a protocol of their own, as far as an agent's loop needs them: each answers a
question with two tool calls in parallel, and the results of both with a sentence, as streams."""

from __future__ import annotations

import binascii
import json
import struct

CITIES = ("Bern", "Basel")
FINAL = "Sunny in Bern and in Basel."


def sse(*events: dict, named: bool = False) -> list[bytes]:
    lead = [f"event: {one['type']}\n" if named else "" for one in events]
    return [f"{name}data: {json.dumps(one)}\n\n".encode() for name, one in zip(lead, events)]


def halves(text: str) -> tuple[str, str]:
    return text[: len(text) // 2], text[len(text) // 2 :]


def arguments_of(city: str) -> str:
    return json.dumps({"city": city})


# -- Anthropic ------------------------------------------------------------------------------------


def anthropic_start(tokens: int) -> dict:
    usage = {"input_tokens": tokens, "output_tokens": 1}
    message = {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-x", "content": []}
    return {"type": "message_start", "message": message | {"usage": usage}}


def anthropic_block(index: int, start: dict, *deltas: dict) -> list[dict]:
    events = [{"type": "content_block_start", "index": index, "content_block": start}]
    events += [{"type": "content_block_delta", "index": index, "delta": one} for one in deltas]
    return [*events, {"type": "content_block_stop", "index": index}]


def anthropic_events(is_final: bool) -> list[dict]:
    if is_final:
        deltas = [{"type": "text_delta", "text": part} for part in halves(FINAL)]
        blocks = anthropic_block(0, {"type": "text", "text": ""}, *deltas)
    else:
        blocks = []
        for index, city in enumerate(CITIES):
            start = {"type": "tool_use", "id": f"toolu_{index}", "name": "weather", "input": {}}
            deltas = [{"type": "input_json_delta", "partial_json": part} for part in halves(arguments_of(city))]
            blocks += anthropic_block(index, start, *deltas)
    reason = "end_turn" if is_final else "tool_use"
    end = {"type": "message_delta", "delta": {"stop_reason": reason}, "usage": {"output_tokens": 9}}
    return [anthropic_start(20), *blocks, end, {"type": "message_stop"}]


def anthropic_results(body: dict) -> list[str]:
    blocks = body["messages"][-1]["content"]
    return [one["tool_use_id"] for one in blocks if isinstance(one, dict) and one["type"] == "tool_result"]


# -- Gemini ---------------------------------------------------------------------------------------


def gemini_event(parts: list[dict], finish: str | None = None) -> dict:
    candidate = {"content": {"role": "model", "parts": parts}, "index": 0}
    if finish:
        candidate["finishReason"] = finish
    counts = {"promptTokenCount": 20, "candidatesTokenCount": 9, "totalTokenCount": 29}
    return {"candidates": [candidate], "usageMetadata": counts, "modelVersion": "gemini-x", "responseId": "r1"}


def gemini_events(is_final: bool) -> list[dict]:
    if is_final:
        first, second = halves(FINAL)
        return [gemini_event([{"text": first}]), gemini_event([{"text": second}], "STOP")]
    calls = [{"functionCall": {"name": "weather", "args": {"city": city}}} for city in CITIES]
    return [gemini_event([calls[0]]), gemini_event([calls[1]], "STOP")]


def gemini_results(body: dict) -> list[str]:
    parts = body["contents"][-1]["parts"]
    return [one["functionResponse"]["name"] for one in parts if "functionResponse" in one]


# -- Bedrock --------------------------------------------------------------------------------------


def aws_frame(headers: dict[str, str], payload: bytes) -> bytes:
    """One message of AWS's event stream, with its two checksums."""
    packed = b"".join(
        struct.pack(">B", len(name)) + name.encode() + b"\x07" + struct.pack(">H", len(value)) + value.encode()
        for name, value in headers.items()
    )
    prelude = struct.pack(">II", len(packed) + len(payload) + 16, len(packed))
    start = prelude + struct.pack(">I", binascii.crc32(prelude)) + packed + payload
    return start + struct.pack(">I", binascii.crc32(start))


def aws_event(name: str, value: dict) -> bytes:
    headers = {":event-type": name, ":content-type": "application/json", ":message-type": "event"}
    return aws_frame(headers, json.dumps(value).encode())


def aws_exception(name: str, message: str) -> bytes:
    headers = {":exception-type": name, ":content-type": "application/json", ":message-type": "exception"}
    return aws_frame(headers, json.dumps({"message": message}).encode())


def bedrock_events(is_final: bool) -> list[bytes]:
    events = [aws_event("messageStart", {"role": "assistant"})]
    if is_final:
        for part in halves(FINAL):
            events.append(aws_event("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": part}}))
        events.append(aws_event("contentBlockStop", {"contentBlockIndex": 0}))
    else:
        for index, city in enumerate(CITIES):
            start = {"toolUse": {"toolUseId": f"tooluse_{index}", "name": "weather"}}
            events.append(aws_event("contentBlockStart", {"contentBlockIndex": index, "start": start}))
            for part in halves(arguments_of(city)):
                delta = {"contentBlockIndex": index, "delta": {"toolUse": {"input": part}}}
                events.append(aws_event("contentBlockDelta", delta))
            events.append(aws_event("contentBlockStop", {"contentBlockIndex": index}))
    usage = {"inputTokens": 20, "outputTokens": 9, "totalTokens": 29}
    events.append(aws_event("messageStop", {"stopReason": "end_turn" if is_final else "tool_use"}))
    return [*events, aws_event("metadata", {"usage": usage, "metrics": {"latencyMs": 3}})]


def bedrock_results(body: dict) -> list[str]:
    blocks = body["messages"][-1]["content"]
    return [one["toolResult"]["toolUseId"] for one in blocks if "toolResult" in one]


# -- Cohere ---------------------------------------------------------------------------------------


def cohere_events(is_final: bool) -> list[dict]:
    events: list[dict] = [{"type": "message-start", "id": "c1", "delta": {"message": {"role": "assistant"}}}]
    if is_final:
        for part in halves(FINAL):
            delta = {"message": {"content": {"text": part}}}
            events.append({"type": "content-delta", "index": 0, "delta": delta})
    else:
        for index, city in enumerate(CITIES):
            call = {"id": f"call_{index}", "type": "function", "function": {"name": "weather", "arguments": ""}}
            delta = {"message": {"tool_calls": call}}
            events.append({"type": "tool-call-start", "index": index, "delta": delta})
            for part in halves(arguments_of(city)):
                delta = {"message": {"tool_calls": {"function": {"arguments": part}}}}
                events.append({"type": "tool-call-delta", "index": index, "delta": delta})
            events.append({"type": "tool-call-end", "index": index})
    tokens = {"input_tokens": 20, "output_tokens": 9}
    delta = {"finish_reason": "COMPLETE" if is_final else "TOOL_CALL", "usage": {"tokens": tokens}}
    return [*events, {"type": "message-end", "delta": delta}]


def cohere_results(body: dict) -> list[str]:
    return [one["tool_call_id"] for one in body["messages"] if one["role"] == "tool"]


# -- OpenAI chat ----------------------------------------------------------------------------------


def chat_chunk(delta: dict, finish: str | None = None) -> dict:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    lead = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "gpt-x"}
    return lead | {"choices": [choice]}


def chat_events(is_final: bool) -> list[dict]:
    chunks = [chat_chunk({"role": "assistant", "content": ""})]
    if is_final:
        chunks += [chat_chunk({"content": part}) for part in halves(FINAL)]
    for index, city in enumerate(() if is_final else CITIES):
        function = {"name": "weather", "arguments": ""}
        call = {"index": index, "id": f"call_{index}", "type": "function", "function": function}
        chunks.append(chat_chunk({"tool_calls": [call]}))
        for part in halves(arguments_of(city)):
            piece = {"index": index, "function": {"arguments": part}}
            chunks.append(chat_chunk({"tool_calls": [piece]}))
    usage = {"prompt_tokens": 20, "completion_tokens": 9, "total_tokens": 29}
    chunks.append(chat_chunk({}, "stop" if is_final else "tool_calls"))
    return [*chunks, chat_chunk({}) | {"choices": [], "usage": usage}]


def chat_results(body: dict) -> list[str]:
    return [one["tool_call_id"] for one in body["messages"] if one["role"] == "tool"]


# -- as scenarios ---------------------------------------------------------------------------------


def agent(events, results, content_type: str = "text/event-stream", done: bytes = b""):
    """A scenario that calls two tools until it has the results of both."""

    async def scenario(exchange):
        body = json.loads(await exchange.read_body())
        pieces = events(len(results(body)) == len(CITIES))
        await exchange.send_head(200, {"Content-Type": content_type, "Transfer-Encoding": "chunked"})
        for piece in pieces:
            await exchange.send_chunk(piece if isinstance(piece, bytes) else sse(piece, named="type" in piece)[0])
        if done:
            await exchange.send_chunk(done)
        await exchange.end_chunks()

    return scenario


anthropic_agent = agent(anthropic_events, anthropic_results)
gemini_agent = agent(gemini_events, gemini_results)
bedrock_agent = agent(bedrock_events, bedrock_results, "application/vnd.amazon.eventstream")
cohere_agent = agent(cohere_events, cohere_results)
chat_agent = agent(chat_events, chat_results, done=b"data: [DONE]\n\n")
