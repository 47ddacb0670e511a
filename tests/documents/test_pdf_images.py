"""Sizes of pictures, whatever size a page claims to have."""

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from secretary.documents.pages import PageError
from secretary.documents.pdf_images import picture_size, preview_size

SIZES = st.floats(0.001, 1e30)


def test_a_page_is_drawn_at_150_dots_an_inch():
    assert picture_size(612, 792, 150 / 72) == (1275, 1650)


def test_a_preview_is_360_pixels_wide():
    assert preview_size(612, 792) == (360, 465)
    assert preview_size(10, 10) == (360, 360)


@given(SIZES, SIZES)
@example(14_400, 14_400)
@example(1e30, 0.001)
def test_no_page_is_drawn_larger_than_the_limits(width, height):
    for across, down in (picture_size(width, height, 150 / 72), preview_size(width, height)):
        assert 1 <= across <= 4_000
        assert 1 <= down <= 4_000
        assert across * down <= 16_000_000


@pytest.mark.parametrize("wrong", [0.0, -1.0, math.nan, math.inf])
def test_a_size_that_is_no_size_is_refused(wrong):
    for size in ((wrong, 100.0), (100.0, wrong)):
        with pytest.raises(PageError):
            preview_size(*size)
