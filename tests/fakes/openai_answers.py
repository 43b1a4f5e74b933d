"""OpenAI-shaped answers of the fake provider, computed from the request: no clock, no chance.

A model named `error-<status>` is answered by that status in the OpenAI error shape.
Paths that OpenAI does not have are answered by an echo of the request.
"""

from __future__ import annotations

import base64
import json
import re
import struct
import zlib

REASONS = {
    200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 400: "Bad Request",
    401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 408: "Request Timeout",
    409: "Conflict", 422: "Unprocessable Entity", 429: "Too Many Requests",
    500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable",
}  # fmt: skip

ERRORS = {
    400: ("invalid_request_error", "bad_value", "The value you sent is not one of the allowed ones."),
    401: ("authentication_error", "invalid_api_key", "Incorrect API key provided."),
    403: ("permission_error", "forbidden", "You may not use this model."),
    404: ("invalid_request_error", "model_not_found", "The model does not exist."),
    409: ("conflict_error", "conflict", "Something else happened meanwhile."),
    422: ("invalid_request_error", "unprocessable", "This cannot be worked on."),
    429: ("rate_limit_error", "rate_limit_exceeded", "Rate limit reached for requests."),
    500: ("server_error", "internal", "The server had an error."),
    503: ("server_error", "overloaded", "The engine is overloaded."),
}

USAGE = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
CREATED = 1_700_000_000


def error_body(status: int) -> dict:
    kind, code, message = ERRORS[status]
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


async def answer(exchange) -> None:
    """The default scenario: by path, then by what the body asks for."""
    request = exchange.request
    wanted_error = re.fullmatch(r"error-(\d{3})", request.model())
    if wanted_error:
        await answer_error(exchange, int(wanted_error.group(1)))
        return
    for method, pattern, give in ROUTES:
        found = re.fullmatch(pattern, request.path)
        if found and request.method == method:
            await give(exchange, *found.groups())
            return
    await echo(exchange)


async def answer_error(exchange, status: int) -> None:
    extra = {"Retry-After": "7"} if status == 429 else {}
    await exchange.answer(status, error_body(status), {"x-request-id": f"req-{status}"} | extra)


async def echo(exchange) -> None:
    request = exchange.request
    await exchange.answer(
        200,
        {
            "object": "echo",
            "method": request.method,
            "target": request.target,
            "headers": request.headers,
            "body": base64.b64encode(request.body).decode(),
        },
        {"x-echo": "yes"},
    )


# -- chat and completions -----------------------------------------------------------------------


def last_words(body: dict) -> str:
    content = body["messages"][-1].get("content") or ""
    if isinstance(content, list):
        content = " ".join(part.get("text", "") for part in content)
    return f"You said: {content}"


def tool_calls(body: dict) -> list[dict]:
    """A call of every offered function, unless the last message already is a tool's result."""
    if not body.get("tools") or body["messages"][-1]["role"] == "tool":
        return []
    calls = []
    for index, tool in enumerate(body["tools"]):
        call = {"name": tool["function"]["name"], "arguments": '{"city":"Z\\u00fcrich"}'}
        calls.append({"id": f"call_{index}", "type": "function", "function": call})
    return calls


def completion(body: dict) -> dict:
    calls = tool_calls(body)
    message = {"role": "assistant", "content": None if calls else last_words(body), "refusal": None}
    if calls:
        message["tool_calls"] = calls
    reason = "tool_calls" if calls else "stop"
    return {
        "id": "chatcmpl-fake",
        "object": "chat.completion",
        "created": CREATED,
        "model": body["model"],
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": reason}],
        "usage": USAGE,
        "system_fingerprint": "fp_fake",
        "x_unknown": {"kept": True},
    }


def chunk(body: dict, delta: dict, finish_reason: str | None = None) -> dict:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
    head = {"id": "chatcmpl-fake", "object": "chat.completion.chunk", "created": CREATED}
    return head | {"model": body["model"], "choices": [choice]}


def usage_chunk(body: dict) -> dict:
    return chunk(body, {}) | {"choices": [], "usage": USAGE}


def stream_chunks(body: dict) -> list[dict]:
    """The chunks of a streamed answer; the usage chunk only when the request asks for it."""
    chunks = [chunk(body, {"role": "assistant", "content": "", "refusal": None})]
    calls = tool_calls(body)
    for index, call in enumerate(calls):
        opening = {"name": call["function"]["name"], "arguments": ""}
        first = {"index": index, "id": call["id"], "type": "function", "function": opening}
        chunks.append(chunk(body, {"tool_calls": [first]}))
        text = call["function"]["arguments"]
        for piece in (text[:8], text[8:]):
            part = {"index": index, "function": {"arguments": piece}}
            chunks.append(chunk(body, {"tool_calls": [part]}))
    if not calls:
        words = re.findall(r"\S+\s*", last_words(body))
        chunks += [chunk(body, {"content": word}) for word in words]
    chunks.append(chunk(body, {}, "tool_calls" if calls else "stop"))
    if (body.get("stream_options") or {}).get("include_usage"):
        chunks.append(usage_chunk(body))
    return chunks


def dump(value: dict) -> bytes:
    return json.dumps(value).encode()


def dump_completion(model: str, text: str = "hi") -> bytes:
    """A whole chat answer as the bytes that the default scenario sends."""
    return dump(completion({"model": model, "messages": [{"role": "user", "content": text}]}))


async def give_chat(exchange) -> None:
    body = exchange.request.json()
    if not body.get("stream"):
        await exchange.answer(200, completion(body), {"x-request-id": "req-chat"})
        return
    await exchange.send_sse_head({"x-request-id": "req-stream"})
    for one in stream_chunks(body):
        await exchange.send_event(one)
    await exchange.send_event("[DONE]")
    await exchange.end_chunks()


async def give_completion(exchange) -> None:
    body = exchange.request.json()
    choice = {"text": f" echo of {body['prompt']}", "index": 0, "logprobs": None}
    whole = {"id": "cmpl-fake", "object": "text_completion", "created": CREATED}
    whole |= {"model": body["model"], "choices": [choice | {"finish_reason": "stop"}], "usage": USAGE}
    await exchange.answer(200, whole)


# -- everything else ----------------------------------------------------------------------------


async def give_embeddings(exchange) -> None:
    body = exchange.request.json()
    texts = body["input"] if isinstance(body["input"], list) else [body["input"]]
    rows = []
    for index, text in enumerate(texts):
        vector = [float(len(str(text))), 0.5, -1.25]
        packed = base64.b64encode(struct.pack("<3f", *vector)).decode()
        value = packed if body.get("encoding_format") == "base64" else vector
        rows.append({"object": "embedding", "index": index, "embedding": value})
    usage = {"prompt_tokens": 5, "total_tokens": 5}
    await exchange.answer(200, {"object": "list", "data": rows, "model": body["model"], "usage": usage})


async def give_moderation(exchange) -> None:
    body = exchange.request.json()
    flagged = "attack" in json.dumps(body["input"])
    row = {"flagged": flagged, "categories": {"violence": flagged}, "category_scores": {"violence": 0.9}}
    whole = {"id": "modr-fake", "model": body.get("model", "omni-moderation"), "results": [row]}
    await exchange.answer(200, whole)


def png_pixel() -> bytes:
    def part(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    pixel = zlib.compress(b"\x00\xff\x00\x00")
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", header) + part(b"IDAT", pixel) + part(b"IEND", b"")


async def give_image(exchange) -> None:
    row = {"b64_json": base64.b64encode(png_pixel()).decode(), "revised_prompt": "a red pixel"}
    usage = {"input_tokens": 4, "output_tokens": 6, "total_tokens": 10}
    await exchange.answer(200, {"created": CREATED, "data": [row], "usage": usage})


def speech_bytes() -> bytes:
    return bytes(range(256)) * 64


async def give_speech(exchange) -> None:
    await exchange.answer(200, speech_bytes(), {"Content-Type": "audio/mpeg"})


async def give_transcription(exchange) -> None:
    sent = multipart_file(exchange.request.body)
    await exchange.answer(
        200, {"text": f"{len(sent)} bytes of sound", "usage": {"type": "duration", "seconds": 3}}
    )


def multipart_file(body: bytes) -> bytes:
    """The bytes of the part named `file` or `image`."""
    boundary = body.split(b"\r\n", 1)[0]
    for part in body.split(boundary)[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        if re.search(rb'name="(file|image)(\[\])?"', head):
            return content[:-2]
    return b""


def file_object(number: int, content: bytes, name: str, purpose: str) -> dict:
    return {
        "id": f"file-{number}", "object": "file", "bytes": len(content), "created_at": CREATED,
        "filename": name, "purpose": purpose, "status": "processed",
    }  # fmt: skip


async def give_file_upload(exchange) -> None:
    body = exchange.request.body
    name = re.search(rb'filename="([^"]*)"', body)
    purpose = re.search(rb'name="purpose"\r\n(?:[^\r\n]+\r\n)*\r\n([^\r\n]*)', body)
    if not name or not purpose:
        await answer_error(exchange, 400)
        return
    files = exchange.fake.files
    content = multipart_file(body)
    row = file_object(len(files) + 1, content, name.group(1).decode(), purpose.group(1).decode())
    files[row["id"]] = {"row": row, "content": content}
    await exchange.answer(200, row)


async def give_file_list(exchange) -> None:
    rows = [one["row"] for one in exchange.fake.files.values()]
    await exchange.answer(200, {"object": "list", "data": rows, "has_more": False})


async def give_file(exchange, file_id: str) -> None:
    found = exchange.fake.files.get(file_id)
    await exchange.answer(200, found["row"]) if found else await answer_error(exchange, 404)


async def give_file_content(exchange, file_id: str) -> None:
    content = exchange.fake.files[file_id]["content"]
    await exchange.answer(200, content, {"Content-Type": "application/octet-stream"})


async def give_file_deletion(exchange, file_id: str) -> None:
    exchange.fake.files.pop(file_id, None)
    await exchange.answer(200, {"id": file_id, "object": "file", "deleted": True})


def model_object(name: str) -> dict:
    return {"id": name, "object": "model", "created": CREATED, "owned_by": "fake"}


async def give_models(exchange) -> None:
    rows = [model_object("gpt-4o-mini"), model_object("gpt-4o")]
    await exchange.answer(200, {"object": "list", "data": rows})


async def give_model(exchange, name: str) -> None:
    await exchange.answer(200, model_object(name))


async def give_model_deletion(exchange, name: str) -> None:
    await exchange.answer(200, {"id": name, "object": "model", "deleted": True})


def batch_object(batch_id: str, status: str) -> dict:
    return {
        "id": batch_id, "object": "batch", "endpoint": "/v1/chat/completions", "errors": None,
        "input_file_id": "file-1", "completion_window": "24h", "status": status,
        "created_at": CREATED, "metadata": {"team": "blue"},
    }  # fmt: skip


async def give_batch_creation(exchange) -> None:
    await exchange.answer(200, batch_object("batch_1", "validating"))


async def give_batch_list(exchange) -> None:
    rows = [batch_object("batch_1", "in_progress"), batch_object("batch_2", "completed")]
    await exchange.answer(200, {"object": "list", "data": rows, "has_more": False})


async def give_batch(exchange, batch_id: str) -> None:
    await exchange.answer(200, batch_object(batch_id, "completed"))


async def give_batch_cancellation(exchange, batch_id: str) -> None:
    await exchange.answer(200, batch_object(batch_id, "cancelling"))


def job_object(job_id: str, status: str) -> dict:
    return {
        "id": job_id, "object": "fine_tuning.job", "created_at": CREATED, "model": "gpt-4o-mini",
        "status": status, "training_file": "file-1", "hyperparameters": {"n_epochs": "auto"},
        "organization_id": "org-1", "result_files": [], "seed": 1,
    }  # fmt: skip


async def give_job_creation(exchange) -> None:
    await exchange.answer(200, job_object("ftjob-1", "queued"))


async def give_job_list(exchange) -> None:
    await exchange.answer(
        200, {"object": "list", "data": [job_object("ftjob-1", "running")], "has_more": False}
    )


async def give_job(exchange, job_id: str) -> None:
    await exchange.answer(200, job_object(job_id, "running"))


async def give_job_cancellation(exchange, job_id: str) -> None:
    await exchange.answer(200, job_object(job_id, "cancelled"))


async def give_job_events(exchange, job_id: str) -> None:
    row = {"id": "ftevent-1", "object": "fine_tuning.job.event", "created_at": CREATED, "level": "info"}
    row |= {"message": f"{job_id} started"}
    await exchange.answer(200, {"object": "list", "data": [row], "has_more": False})


ROUTES = [
    ("POST", r"/v1/chat/completions", give_chat),
    ("POST", r"/v1/completions", give_completion),
    ("POST", r"/v1/embeddings", give_embeddings),
    ("POST", r"/v1/moderations", give_moderation),
    ("POST", r"/v1/images/(?:generations|edits|variations)", give_image),
    ("POST", r"/v1/audio/speech", give_speech),
    ("POST", r"/v1/audio/(?:transcriptions|translations)", give_transcription),
    ("POST", r"/v1/files", give_file_upload),
    ("GET", r"/v1/files", give_file_list),
    ("GET", r"/v1/files/([^/]+)", give_file),
    ("GET", r"/v1/files/([^/]+)/content", give_file_content),
    ("DELETE", r"/v1/files/([^/]+)", give_file_deletion),
    ("GET", r"/v1/models", give_models),
    ("GET", r"/v1/models/([^/]+)", give_model),
    ("DELETE", r"/v1/models/([^/]+)", give_model_deletion),
    ("POST", r"/v1/batches", give_batch_creation),
    ("GET", r"/v1/batches", give_batch_list),
    ("GET", r"/v1/batches/([^/]+)", give_batch),
    ("POST", r"/v1/batches/([^/]+)/cancel", give_batch_cancellation),
    ("POST", r"/v1/fine_tuning/jobs", give_job_creation),
    ("GET", r"/v1/fine_tuning/jobs", give_job_list),
    ("GET", r"/v1/fine_tuning/jobs/([^/]+)", give_job),
    ("POST", r"/v1/fine_tuning/jobs/([^/]+)/cancel", give_job_cancellation),
    ("GET", r"/v1/fine_tuning/jobs/([^/]+)/events", give_job_events),
]
