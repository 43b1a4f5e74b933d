"""The unmodified `portkey-ai` package from PyPI works through the gateway."""

import io
import json

import pytest
from portkey_ai import Portkey
from portkey_ai._vendor import openai as portkey_openai

import openai_answers
from gateway_process import CLIENT_SECRET, GATEWAY_KEY, STORED_SECRET

HELLO = [{"role": "user", "content": "Hello there"}]


def portkey(gateway, **options) -> Portkey:
    options.setdefault("api_key", GATEWAY_KEY)
    return Portkey(base_url=f"{gateway.url}/v1", **options)


@pytest.fixture
def sdk(gateway):
    return portkey(gateway, provider="openai", Authorization=f"Bearer {CLIENT_SECRET}")


def test_chat_answers(sdk, fake):
    answer = sdk.chat.completions.create(model="gpt-4o-mini", messages=HELLO)
    assert answer.choices[0].message.content == "You said: Hello there"
    seen = fake.wait_for_model("gpt-4o-mini")
    assert seen.header("authorization") == f"Bearer {CLIENT_SECRET}"
    assert not [name for name, _ in seen.headers if name.lower().startswith("x-portkey-")]


def test_chat_streams(sdk):
    chunks = list(sdk.chat.completions.create(model="gpt-4o-mini", messages=HELLO, stream=True))
    assert "".join(one.choices[0].delta.content or "" for one in chunks) == "You said: Hello there"


def test_tools_are_called(sdk):
    tool = {"type": "function", "function": {"name": "weather", "parameters": {"type": "object"}}}
    answer = sdk.chat.completions.create(model="gpt-4o", messages=HELLO, tools=[tool])
    arguments = answer.choices[0].message.tool_calls[0].function.arguments
    assert json.loads(arguments) == {"city": "Zürich"}


def test_embeddings_images_and_moderations_answer(sdk):
    rows = sdk.embeddings.create(model="text-embedding-3-small", input="abc", encoding_format="float").data
    assert rows[0].embedding == [3.0, 0.5, -1.25]
    image = sdk.images.generate(model="gpt-image-1", prompt="a red pixel").data[0]
    assert image.revised_prompt == "a red pixel"
    assert sdk.moderations.create(input="an attack").results[0].flagged is True


def test_files_are_uploaded_and_read(sdk):
    made = sdk.files.create(file=("a.jsonl", io.BytesIO(b"{}\n" * 100)), purpose="batch")
    assert made.bytes == 300
    assert sdk.files.content(made.id).content == b"{}\n" * 100


def test_a_virtual_key_takes_the_place_of_provider_and_credential(gateway, fake):
    answer = portkey(gateway, virtual_key="my-openai").chat.completions.create(model="gpt-4o", messages=HELLO)
    assert answer.choices[0].message.content == "You said: Hello there"
    assert fake.wait_for_model("gpt-4o").header("authorization") == f"Bearer {STORED_SECRET}"


def test_a_stored_provider_is_named_with_an_at_sign(gateway, fake):
    answer = portkey(gateway, provider="@my-openai").chat.completions.create(model="gpt-4o", messages=HELLO)
    assert answer.choices[0].message.content == "You said: Hello there"
    assert fake.wait_for_model("gpt-4o").header("authorization") == f"Bearer {STORED_SECRET}"


def test_trace_and_metadata_are_in_the_record(gateway, trace_id):
    metadata = {"_user": "ada", "team": "blue"}
    client = portkey(gateway, provider="demo", trace_id=trace_id, metadata=metadata)
    answer = client.chat.completions.create(model="demo-chat", messages=HELLO)
    row = gateway.log_row(trace_id)
    assert row["metadata"] == metadata
    assert row["total_tokens"] == answer.usage.total_tokens
    assert answer.get_headers()["trace-id"] == trace_id


@pytest.mark.parametrize(
    "status,kind",
    [(400, "BadRequestError"), (401, "AuthenticationError"), (404, "NotFoundError"),
     (429, "RateLimitError"), (500, "InternalServerError")],
)  # fmt: skip
def test_errors_are_raised_as_their_classes(sdk, status, kind):
    with pytest.raises(getattr(portkey_openai, kind)) as caught:
        sdk.chat.completions.create(model=f"error-{status}", messages=HELLO)
    assert openai_answers.error_body(status)["error"]["message"] in caught.value.message


def test_a_wrong_gateway_key_is_an_authentication_error(gateway):
    client = portkey(gateway, api_key="wrong", provider="demo")
    with pytest.raises(portkey_openai.AuthenticationError) as caught:
        client.chat.completions.create(model="demo-chat", messages=HELLO)
    assert "Unauthorized" in caught.value.message


def test_the_demo_provider_answers_and_streams(gateway):
    client = portkey(gateway, provider="demo")
    whole = client.chat.completions.create(model="demo-chat", messages=HELLO)
    chunks = list(client.chat.completions.create(model="demo-chat", messages=HELLO, stream=True))
    streamed = "".join(one.choices[0].delta.content or "" for one in chunks if one.choices)
    assert streamed == whole.choices[0].message.content
