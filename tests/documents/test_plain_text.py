"""Text that any database and any file takes."""

from hypothesis import example, given
from hypothesis import strategies as st

from secretary.documents.plain_text import one_line, plain

ANY_TEXT = st.text(st.characters(exclude_categories=()))


def test_lines_end_with_a_line_feed():
    assert plain("one\r\ntwo\rthree\n\r\nfour") == "one\ntwo\nthree\n\nfour"


def test_words_hyphenated_at_a_line_end_are_joined():
    assert plain("taki\x02mata and taki\ufffemata") == "takimata and takimata"
    assert plain("\x02 and 1+\x02") == "\ufffd and 1+\ufffd"


def test_what_cannot_be_stored_is_replaced():
    assert plain("a\0b\ud800c\x0cd\uffff") == "a\ufffdb\ufffdc\ufffdd\ufffd"


def test_halves_of_a_character_become_the_character():
    assert plain("a\ud83d\ude00\ud83d") == "a\U0001f600\ufffd"


@given(ANY_TEXT)
@example("\0\ud83d\x02\r")
def test_any_text_becomes_storable_and_stays_so(text):
    once = plain(text)
    assert once.encode().decode() == once
    assert not set(once) & {"\0", "\r", "\x02", "\ufffe", "\uffff"}
    assert plain(once) == once


@given(ANY_TEXT, st.integers(1, 50))
def test_one_line_has_no_line_ends_and_is_not_too_long(text, longest):
    line = one_line(text, longest)
    assert len(line) <= longest
    assert line == " ".join(line.split())
