"""How page numbers are told."""

import pytest

from secretary.documents.page_range import counted, listed


@pytest.mark.parametrize(
    ("pages", "told"),
    [
        ([4], "Page 4"),
        ([1, 2], "Pages 1-2"),
        ([1, 2, 3, 7], "Pages 1-3 and 7"),
        ([1, 3, 5, 6], "Pages 1, 3 and 5-6"),
    ],
)
def test_page_numbers_are_told_in_runs(pages, told):
    assert listed(pages) == told


def test_one_page_is_not_pages():
    assert (counted(1, "page"), counted(0, "page"), counted(1_200, "page")) == ("1 page", "0 pages", "1,200 pages")
