"""Text of others in Markdown that a browser shows."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secretary.language.harmless import harmless, harmless_value


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<script>alert(1)</script>", "&lt;script>alert(1)&lt;/script>"),
        ("<!-- hidden -->", "&lt;!-- hidden -->"),
        ("a < b and 3 <4", "a < b and 3 <4"),
        ("[x](javascript:alert(1))", "[x](#))"),
        ("[x]( JaVaScRiPt:alert(1))", "[x]( #))"),
        ("[x](javascript&#58;alert(1))", "[x](#))"),
        ("[x](data:text/html,hi)", "[x](#)"),
        ("[x]: javascript:alert", "[x]: #"),
        ("[x](https://a.example/?q=a:b)", "[x](https://a.example/?q=a:b)"),
        ("[x](../assets/a:b.png)", "[x](../assets/a:b.png)"),
        ("[x](mailto:a@b.example)", "[x](mailto:a@b.example)"),
    ],
)
def test_tags_become_text_and_links_lead_to_the_web(text: str, shown: str):
    assert harmless(text) == shown


def test_every_text_in_a_value_is_made_harmless():
    value = ["<b>", {"<i>": ["<u>", 3, None, True]}]
    assert harmless_value(value) == ["&lt;b>", {"&lt;i>": ["&lt;u>", 3, None, True]}]


@given(st.text(alphabet="<>/!?aB[]():#&\\ \n", max_size=60))
def test_whatever_the_text_no_tag_is_left_and_nothing_else_is_lost(text: str):
    assert not re.search("<[A-Za-z/!?]", harmless(text))
    assert re.search(r"\]\(|\]:", text) or harmless(text).replace("&lt;", "<") == text.replace("&lt;", "<")
