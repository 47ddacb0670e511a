"""How much text the results hold."""

from secretary.documents.collected_text import CollectedText
from secretary.documents.page_content import PageContent


def test_pages_are_joined_by_an_empty_line_and_empty_ones_leave_no_gap():
    text = CollectedText()
    for number, content in enumerate(["one", "", "three"], 1):
        text.add(number, PageContent(text=content))
    assert text.whole == "one\n\nthree"
    assert [(page.page, page.content) for page in text.contents] == [(1, "one"), (2, ""), (3, "three")]
    assert not text.is_cut


def test_a_text_of_exactly_the_limit_is_whole():
    text = CollectedText()
    text.add(1, PageContent(text="a" * 999_998))
    text.add(2, PageContent(text="b" * 1_000_000))
    assert len(text.whole) == 2_000_000
    assert not text.is_cut


def test_a_text_over_the_limit_is_cut_there_page_by_page():
    text = CollectedText()
    text.add(1, PageContent(text="a" * 1_999_990))
    text.add(2, PageContent(text="b" * 9))
    text.add(3, PageContent(text="c"))
    assert text.whole == "a" * 1_999_990 + "\n\n" + "b" * 8
    assert [len(page.content) for page in text.contents] == [1_999_990, 8, 0]
    assert text.is_cut
