"""No character of a document becomes Markdown or HTML, as a parser of Markdown sees it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from secretary.documents.markdown_text import cell, heading, inline, paragraph

PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
# Much of what hypothesis makes of plain text() is harmless; this is made of what is not.
HARMFUL = st.text(st.sampled_from("#*_-+=`~<>[]()!|&;:\\\"'.01ax \n\t\r\u2028/\0")) | st.text()


def shown(markdown):
    """The kinds of what a parser finds in it, and its text."""
    tokens = PARSER.parse(markdown)
    kinds = [token.type for token in tokens]
    children = [child for token in tokens for child in token.children or []]
    assert {child.type for child in children} <= {"text", "text_special"}
    return kinds, "".join(child.content for child in children)


def plain(text):
    """As a reader sees it: white space is one space; a parser shows NUL as a character it does not know."""
    return " ".join(text.split()).replace("\0", "\ufffd")


@given(HARMFUL)
@example("<script>alert(1)</script>")
@example("<!-- page 7 -->")
@example("&lt;b&gt; &#35; &amp")
@example("- + 1. # > ``` ~~~ ---")
@example("![a](b) [c]: d")
@example("1) a")
@example("- - -")
@example("a\n===")
@example("   # a")
@example("\\*a\\")
@example("__init__ snake_case _a_")
def test_any_text_is_one_paragraph_that_reads_the_same(text):
    line = paragraph(text)
    assert len(line.splitlines()) <= 1
    kinds, content = shown(line)
    assert content == plain(text)
    assert kinds == (["paragraph_open", "inline", "paragraph_close"] if plain(text) else [])


@given(HARMFUL, st.integers(1, 6))
@example("C #", 1)
@example("#", 2)
@example("a # ##", 3)
def test_any_text_is_one_heading_that_reads_the_same(text, level):
    kinds, content = shown(heading(text, level))
    assert content == plain(text)
    assert kinds == ["heading_open", "inline", "heading_close"]


@given(HARMFUL)
@example("a|b\\|c\\")
@example("|")
def test_any_text_is_one_cell_that_reads_the_same(text):
    written = cell(text)
    assert len(written.splitlines()) <= 1
    tokens = PARSER.parse(f"| {written} | x |\n| --- | --- |")
    assert [token.type for token in tokens].count("th_open") == 2
    first = next(token for token in tokens if token.type == "inline")
    breaks = [child.content for child in first.children if child.type == "html_inline"]
    assert set(breaks) <= {"<br>"}
    words = "".join(" " if child.type == "html_inline" else child.content for child in first.children)
    assert words == plain(text)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Soup 4.50, (fish) & 1-2 snake_case!", "Soup 4.50, (fish) & 1-2 snake_case!"),
        ("2024. A year", "2024\\. A year"),
        ("#1 of #2", "#1 of #2"),
        ("-5 degrees", "-5 degrees"),
        ("a|b ~ c", "a|b \\~ c"),
    ],
)
def test_what_means_nothing_in_its_place_stays_as_it_is(text, line):
    assert paragraph(text) == line


def test_line_ends_within_a_cell_are_kept_as_breaks():
    assert cell("two\n\n lines ") == "two<br>lines"
    assert inline("two\n lines") == "two lines"
    assert cell(None) == ""
