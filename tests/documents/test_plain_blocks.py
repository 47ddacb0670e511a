"""Blocks of text that has neither fonts nor places."""

from secretary.documents.plain_blocks import text_blocks
from tests.documents.laid_out import shown


def test_paragraphs_end_at_empty_lines_and_words_are_joined():
    assert shown(text_blocks("A docu-\nment of\nthree lines\n\n\nAnother")) == ["A document of three lines", "Another"]


def test_lists_are_read_with_their_depth():
    blocks = text_blocks("Needed:\n- one\n  goes on\n  - within\n\u2022 two\n1. first\n2) second")
    assert shown(blocks) == ["Needed:", "- one goes on", "- within", "- two", "1. first", "2) second"]
    assert [block.depth for block in blocks] == [0, 0, 1, 0, 0, 0]


def test_a_number_or_a_dash_in_a_sentence_begins_no_list():
    assert shown(text_blocks("as shown in Table\n3. It is\n- or seems -\nso")) == [
        "as shown in Table 3. It is - or seems - so"
    ]


def test_nothing_is_no_block():
    assert text_blocks(" \n\n") == []
