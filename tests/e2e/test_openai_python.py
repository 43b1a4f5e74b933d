"""The unmodified `openai` package from PyPI works through the gateway."""

import asyncio
import io
import json

import openai
import pytest

import openai_answers
from gateway_process import CLIENT_SECRET, GATEWAY_KEY

HELLO = [{"role": "user", "content": "Grüezi 世界 🌍"}]
WEATHER_TOOL = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "The weather of a city",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


def options(gateway, provider: str) -> dict:
    headers = {"x-portkey-api-key": GATEWAY_KEY, "x-portkey-provider": provider}
    return {
        "api_key": CLIENT_SECRET,
        "base_url": f"{gateway.url}/v1",
        "default_headers": headers,
        "max_retries": 0,
        "timeout": 20,
    }


@pytest.fixture
def sdk(gateway):
    with openai.OpenAI(**options(gateway, "openai")) as client:
        yield client


@pytest.fixture
def demo(gateway):
    with openai.OpenAI(**options(gateway, "demo")) as client:
        yield client


def text_of(chunks) -> str:
    return "".join(one.choices[0].delta.content or "" for one in chunks if one.choices)


# -- chat ---------------------------------------------------------------------------------------


def test_chat_answers_with_the_providers_text_usage_and_unknown_fields(sdk, fake):
    answer = sdk.chat.completions.create(model="gpt-4o-mini", messages=HELLO, seed=4)
    assert answer.choices[0].message.content == "You said: Grüezi 世界 🌍"
    assert answer.usage.total_tokens == 18
    assert answer.model_extra["x_unknown"] == {"kept": True}
    seen = fake.wait_for_model("gpt-4o-mini")
    assert seen.header("authorization") == f"Bearer {CLIENT_SECRET}"
    assert seen.json() == {"messages": HELLO, "model": "gpt-4o-mini", "seed": 4}


def test_chat_streams_piece_by_piece(sdk):
    chunks = list(sdk.chat.completions.create(model="gpt-4o-mini", messages=HELLO, stream=True))
    assert text_of(chunks) == "You said: Grüezi 世界 🌍"
    assert chunks[-1].choices[0].finish_reason == "stop"


def test_a_stream_carries_usage_when_the_client_asks_for_it(sdk):
    chunks = list(
        sdk.chat.completions.create(
            model="gpt-4o-mini", messages=HELLO, stream=True, stream_options={"include_usage": True}
        )
    )
    assert chunks[-1].choices == []
    assert chunks[-1].usage.total_tokens == 18


def test_usage_is_asked_upstream_and_hidden_from_a_client_that_did_not_ask(sdk, fake):
    chunks = list(sdk.chat.completions.create(model="gpt-4o-mini", messages=HELLO, stream=True))
    assert all(one.choices for one in chunks)
    assert all(one.usage is None for one in chunks)
    assert fake.wait_for_model("gpt-4o-mini").json()["stream_options"] == {"include_usage": True}


def test_tool_calls_and_their_results_make_the_round_trip(sdk, fake):
    first = sdk.chat.completions.create(model="gpt-4o", messages=HELLO, tools=[WEATHER_TOOL])
    call = first.choices[0].message.tool_calls[0]
    assert first.choices[0].finish_reason == "tool_calls"
    assert json.loads(call.function.arguments) == {"city": "Zürich"}
    result = {"role": "tool", "tool_call_id": call.id, "content": "sunny"}
    messages = HELLO + [first.choices[0].message.model_dump(exclude_none=True), result]
    second = sdk.chat.completions.create(model="gpt-4o", messages=messages, tools=[WEATHER_TOOL])
    assert second.choices[0].message.content == "You said: sunny"
    assert fake.for_model("gpt-4o")[1].json()["messages"][-1] == result


def test_streamed_tool_calls_are_assembled_by_the_client(sdk):
    with sdk.chat.completions.stream(model="gpt-4o", messages=HELLO, tools=[WEATHER_TOOL]) as stream:
        final = stream.get_final_completion()
    call = final.choices[0].message.tool_calls[0]
    assert call.function.name == "weather"
    assert json.loads(call.function.arguments) == {"city": "Zürich"}


def test_the_async_client_runs_many_chats_at_once(gateway):
    async def all_of_them():
        async with openai.AsyncOpenAI(**options(gateway, "openai")) as client:
            calls = [
                client.chat.completions.create(
                    model="gpt-4o-mini", messages=[{"role": "user", "content": f"number {n}"}]
                )
                for n in range(40)
            ]
            return await asyncio.gather(*calls)

    answers = asyncio.run(all_of_them())
    expected = [f"You said: number {n}" for n in range(40)]
    assert [one.choices[0].message.content for one in answers] == expected


def test_an_image_in_a_message_reaches_the_provider_untouched(sdk, fake):
    picture = {
        "type": "image_url",
        "image_url": {"url": "data:image/png;base64,iVBORw0KGgo=", "detail": "low"},
    }
    content = [{"type": "text", "text": "what is this?"}, picture]
    sdk.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": content}])
    assert fake.wait_for_model("gpt-4o").json()["messages"][0]["content"] == content


def test_unknown_parameters_reach_the_provider(sdk, fake):
    extra = {"brand_new": {"deep": [1, 2.5, None]}}
    sdk.chat.completions.create(model="gpt-4o", messages=HELLO, extra_body=extra)
    assert fake.wait_for_model("gpt-4o").json()["brand_new"] == {"deep": [1, 2.5, None]}


def test_legacy_completions_answer(sdk):
    answer = sdk.completions.create(model="gpt-3.5-turbo-instruct", prompt="once")
    assert answer.choices[0].text == " echo of once"


# -- the other endpoints ------------------------------------------------------------------------


def test_embeddings_arrive_as_numbers(sdk):
    answer = sdk.embeddings.create(model="text-embedding-3-small", input=["a", "bcd"])
    assert [row.embedding for row in answer.data] == [[1.0, 0.5, -1.25], [3.0, 0.5, -1.25]]
    assert answer.usage.prompt_tokens == 5


def test_moderations_answer(sdk):
    assert sdk.moderations.create(input="an attack").results[0].flagged is True


def test_files_are_uploaded_listed_read_and_deleted(sdk):
    content = b'{"custom_id": "1"}\n' * 5000
    made = sdk.files.create(file=("batch.jsonl", io.BytesIO(content)), purpose="batch")
    assert (made.bytes, made.filename) == (len(content), "batch.jsonl")
    assert [row.id for row in sdk.files.list()] == [made.id]
    assert sdk.files.retrieve(made.id).purpose == "batch"
    assert sdk.files.content(made.id).read() == content
    assert sdk.files.delete(made.id).deleted is True
    with pytest.raises(openai.NotFoundError):
        sdk.files.retrieve(made.id)


def test_images_are_generated(sdk):
    answer = sdk.images.generate(model="gpt-image-1", prompt="a red pixel", size="1024x1024")
    assert answer.data[0].b64_json.startswith("iVBORw0KGgo")


def test_images_are_edited_through_multipart(sdk, fake):
    pixel = openai_answers.png_pixel()
    answer = sdk.images.edit(model="gpt-image-1", image=("p.png", pixel, "image/png"), prompt="blue")
    assert answer.data[0].revised_prompt == "a red pixel"
    seen = fake.wait_for_model("gpt-image-1")
    assert openai_answers.multipart_file(seen.body) == pixel
    assert seen.header("content-type").startswith("multipart/form-data; boundary=")


def test_speech_arrives_byte_for_byte(sdk):
    answer = sdk.audio.speech.create(model="tts-1", voice="alloy", input="hello")
    assert answer.read() == openai_answers.speech_bytes()
    assert answer.response.headers["content-type"] == "audio/mpeg"


def test_speech_can_be_streamed(sdk):
    with sdk.audio.speech.with_streaming_response.create(
        model="tts-1", voice="alloy", input="hello"
    ) as answer:
        assert b"".join(answer.iter_bytes(1000)) == openai_answers.speech_bytes()


@pytest.mark.parametrize("kind", ["transcriptions", "translations"])
def test_sound_is_turned_into_text(sdk, kind):
    sound = openai_answers.speech_bytes()
    answer = getattr(sdk.audio, kind).create(model="whisper-1", file=("a.mp3", sound, "audio/mpeg"))
    assert answer.text == f"{len(sound)} bytes of sound"


def test_models_are_listed_and_retrieved(sdk):
    assert [row.id for row in sdk.models.list()] == ["gpt-4o-mini", "gpt-4o"]
    assert sdk.models.retrieve("gpt-4o").owned_by == "fake"


def test_batches_are_made_listed_read_and_cancelled(sdk, fake):
    made = sdk.batches.create(
        input_file_id="file-1", endpoint="/v1/chat/completions", completion_window="24h"
    )
    assert made.status == "validating"
    assert [row.id for row in sdk.batches.list(limit=2)] == ["batch_1", "batch_2"]
    assert fake.requests[-1].query == {"limit": ["2"]}
    assert sdk.batches.retrieve("batch_7").id == "batch_7"
    assert sdk.batches.cancel("batch_7").status == "cancelling"


def test_fine_tuning_jobs_are_made_listed_read_and_cancelled(sdk):
    made = sdk.fine_tuning.jobs.create(model="gpt-4o-mini", training_file="file-1")
    assert made.status == "queued"
    assert [row.id for row in sdk.fine_tuning.jobs.list()] == ["ftjob-1"]
    assert sdk.fine_tuning.jobs.retrieve("ftjob-9").id == "ftjob-9"
    assert sdk.fine_tuning.jobs.cancel("ftjob-9").status == "cancelled"
    assert [row.message for row in sdk.fine_tuning.jobs.list_events("ftjob-9")] == ["ftjob-9 started"]


# -- errors -------------------------------------------------------------------------------------


ERROR_CLASSES = [
    (400, openai.BadRequestError),
    (401, openai.AuthenticationError),
    (403, openai.PermissionDeniedError),
    (404, openai.NotFoundError),
    (409, openai.ConflictError),
    (422, openai.UnprocessableEntityError),
    (429, openai.RateLimitError),
    (500, openai.InternalServerError),
    (503, openai.InternalServerError),
]


@pytest.mark.parametrize("stream", [False, True], ids=["blocking", "streaming"])
@pytest.mark.parametrize("status,kind", ERROR_CLASSES)
def test_an_upstream_error_is_raised_as_its_class_with_its_message(sdk, status, kind, stream):
    expected = openai_answers.error_body(status)["error"]
    with pytest.raises(kind) as caught:
        sdk.chat.completions.create(model=f"error-{status}", messages=HELLO, stream=stream)
    error = caught.value
    assert error.status_code == status
    assert expected["message"] in error.message
    assert (error.type, error.code) == (expected["type"], expected["code"])
    assert error.response.headers["x-portkey-trace-id"]


def test_the_providers_retry_after_reaches_the_client(sdk):
    with pytest.raises(openai.RateLimitError) as caught:
        sdk.chat.completions.create(model="error-429", messages=HELLO)
    assert caught.value.response.headers["retry-after"] == "7"


def test_a_provider_that_cannot_be_reached_is_an_internal_server_error(start_gateway):
    dead = start_gateway(
        {
            "api_keys": [{"name": "e2e", "key": GATEWAY_KEY}],
            "providers": {"openai": {"base_url": "http://127.0.0.1:9/v1"}},
        }
    )
    with (
        openai.OpenAI(**options(dead, "openai")) as client,
        pytest.raises(openai.InternalServerError) as caught,
    ):
        client.chat.completions.create(model="gpt-4o", messages=HELLO)
    assert caught.value.status_code in (502, 503)
    assert caught.value.body["message"]


# -- the demo provider --------------------------------------------------------------------------


def test_the_demo_provider_chats_and_says_that_it_is_a_demo(demo):
    answer = demo.chat.completions.create(model="demo-chat", messages=HELLO)
    again = demo.chat.completions.create(model="demo-chat", messages=HELLO)
    assert "demo" in answer.choices[0].message.content.lower()
    assert answer.choices[0].message.content == again.choices[0].message.content
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens


def test_the_demo_provider_streams_what_it_would_say_at_once(demo):
    whole = demo.chat.completions.create(model="demo-chat", messages=HELLO)
    chunks = list(demo.chat.completions.create(model="demo-chat", messages=HELLO, stream=True))
    assert text_of(chunks) == whole.choices[0].message.content
    assert len(chunks) > 2


def test_the_demo_provider_calls_tools_and_uses_their_results(demo):
    first = demo.chat.completions.create(model="demo-chat", messages=HELLO, tools=[WEATHER_TOOL])
    call = first.choices[0].message.tool_calls[0]
    assert call.function.name == "weather"
    assert isinstance(json.loads(call.function.arguments)["city"], str)
    result = {"role": "tool", "tool_call_id": call.id, "content": "sunny"}
    messages = HELLO + [first.choices[0].message.model_dump(exclude_none=True), result]
    second = demo.chat.completions.create(model="demo-chat", messages=messages, tools=[WEATHER_TOOL])
    assert second.choices[0].finish_reason == "stop"


def test_the_demo_provider_embeds(demo):
    rows = demo.embeddings.create(model="demo-embed", input=["same", "same", "other"]).data
    assert rows[0].embedding == rows[1].embedding != rows[2].embedding


def test_the_demo_provider_refuses_what_openai_refuses(demo):
    with pytest.raises(openai.BadRequestError) as caught:
        demo.chat.completions.create(model="demo-chat", messages=[])
    assert "messages" in caught.value.message
