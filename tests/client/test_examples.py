"""Each example runs against the real gateway and prints what the documents say."""

import re
import subprocess

import pytest

from client_programs import BUILD, documented_outputs
from gateway_process import GATEWAY_KEY, REPOSITORY

SHOWN_ADDRESS = "http://127.0.0.1:8787"
EXAMPLES = sorted(path.stem for path in (REPOSITORY / "examples").glob("*.cc"))


def agrees(printed: str, documented: str) -> bool:
    """Whether they are the same, where the document's `…` and blanks before it stand for anything within a line."""
    pattern = re.sub(r"(?:\\ )*…", r"[^\\n]*", re.escape(documented.strip()))
    return re.fullmatch(pattern, printed.strip()) is not None


@pytest.mark.parametrize(
    "name, arguments, documented", documented_outputs(), ids=lambda value: value if isinstance(value, str) and value in EXAMPLES else ""
)
def test_an_example_prints_what_the_documents_say(programs, gateway, gateway_settings, name, arguments, documented):
    printed = programs.run(f"examples/{name}", *arguments, **gateway_settings).replace(gateway.url, SHOWN_ADDRESS)
    assert agrees(printed, documented), f"it prints:\n{printed}\nthe document says:\n{documented}"


def test_every_example_is_in_the_documents_and_is_built():
    assert {name for name, _, _ in documented_outputs()} == set(EXAMPLES)
    assert all((BUILD / "examples" / name).exists() for name in EXAMPLES)


def test_the_basic_chat_asks_each_model_it_is_given(programs, gateway_settings, fake):
    printed = programs.run(
        "examples/portkey_basic_chat", "portkey/openai/gpt-4o-mini", "portkey/@my-openai/gpt-4o",
        OPENAI_API_KEY="sk-from-the-environment", **gateway_settings,
    )  # fmt: skip
    assert printed.count("You said: What is the smallest prime number?") == 2
    assert "portkey/openai/gpt-4o-mini, 18 tokens" in printed
    assert fake.wait_for_model("gpt-4o-mini").header("authorization") == "Bearer sk-from-the-environment"


def test_the_advanced_features_reach_the_record(programs, gateway, gateway_settings):
    printed = programs.run("examples/portkey_advanced_features", "portkey/@my-openai/gpt-4o", "my-openai", **gateway_settings)
    assert "answered by gpt-4o" in printed
    trace_id = re.search(r"under (trace-[0-9a-f]{16}): as we named it", printed).group(1)
    row = gateway.log_row(trace_id)
    assert row["metadata"]["session_id"] == "session-456"
    assert (row["user"], row["organization"]) == ("user-123", "my-org")
    assert row["headers"] == {"x-request-source": "gatehouse-client", "x-feature": "chat-completion"}


def test_settings_come_from_a_dotenv_file_too(programs, gateway, tmp_path):
    (tmp_path / ".env").write_text(f"PORTKEY_BASE_URL={gateway.url}\nexport PORTKEY_API_KEY='{GATEWAY_KEY}'\n")
    assert "Hello" in programs.run("client/client_probe", "chat", "portkey/demo/demo-chat", "1")


def test_every_example_tells_a_gateway_that_is_not_there(programs):
    for name in ("portkey_basic_chat", "streaming", "tools_agent"):
        printed = programs.run(f"examples/{name}", code=1, PORTKEY_BASE_URL="http://127.0.0.1:1")
        assert "Error: Cannot reach http://127.0.0.1:1." in printed


def test_the_snippets_of_the_documents_are_compiled_code():
    checked = subprocess.run([REPOSITORY / "tools/check_snippets.py"], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout
