"""What parent and child say to each other survives the pipe, and is fit to be stored."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secretary.providers import MistralProvider, Providers
from secretary.sandbox.messages import Done, Failed, Logged, Reported, Task, cleaned, decode, decode_task, encode

ANY_TEXT = st.text(st.characters(categories=["L", "N", "P", "Z", "Cc", "Cs"]))
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | ANY_TEXT,
    lambda children: st.lists(children, max_size=4) | st.dictionaries(ANY_TEXT, children, max_size=4),
    max_leaves=20,
)


@given(ANY_JSON)
def test_every_text_comes_out_fit_to_be_stored(value: Any) -> None:
    line = encode(Done({"value": value}, [], [], 1))
    assert line.count(b"\n") == 1
    message = decode(line)
    assert isinstance(message, Done)
    assert message.results == cleaned({"value": value})
    assert "\0" not in repr(message.results)
    repr(message.results).encode()


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_a_harmless_text_is_not_changed(text: str) -> None:
    assert decode(encode(Logged("info", text))) == Logged("info", text)


def test_each_kind_survives_the_pipe() -> None:
    for message in (Reported("step", 5, "m"), Failed("CRASHED", "m", {"a": 1}, True, False, None)):
        assert decode(encode(message)) == message
    task = Task("pdf", {"filename": "ä.pdf"}, "/in/ä.pdf", "/out", "/out.zip", {"tessdata": "/data"})
    assert decode_task(encode(task)) == task


def test_a_task_that_is_logged_shows_no_key() -> None:
    provider = MistralProvider(url="https://host", key="very-secret", model="m")
    providers = Providers(mistral=provider)
    task = Task("pdf", {}, None, "/out", "/out.zip", providers.model_dump())
    assert Providers.model_validate(decode_task(encode(task)).providers) == providers
    assert "very-secret" not in providers.without_keys.model_dump_json()
    assert "very-secret" not in repr(task) + repr(providers) + str(providers)


@pytest.mark.parametrize(
    "line", [b"\n", b"{}\n", b"[]\n", b"1\n", b'{"kind": "Nobody"}\n', b'{"kind": "Done"}\n', b"\xff\n"]
)
def test_a_line_that_is_no_message_is_refused(line: bytes) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        decode(line)
