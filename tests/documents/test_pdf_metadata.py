"""Dates as documents write them."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from secretary.documents.pdf_metadata import rfc3339


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("D:20170224123456-08'00'", "2017-02-24T20:34:56Z"),
        ("D:20170224123456+01'00", "2017-02-24T11:34:56Z"),
        ("D:20170224123456+0530", "2017-02-24T07:04:56Z"),
        ("D:20170224123456-03", "2017-02-24T15:34:56Z"),
        ("D:20170224123456Z", "2017-02-24T12:34:56Z"),
        ("D:20170224123456Z00'00'", "2017-02-24T12:34:56Z"),
        ("D:20170224123456", "2017-02-24T12:34:56Z"),
        ("20170224", "2017-02-24T00:00:00Z"),
        ("D:2017", "2017-01-01T00:00:00Z"),
        ("2017-02-24T12:34:56+02:00", "2017-02-24T10:34:56Z"),
    ],
)
def test_dates_are_told_in_utc(written, told):
    assert rfc3339(written) == told


@pytest.mark.parametrize("written", ["", "yesterday", "D:20171399", "D:20170224123456+99'00'", "Fri Feb 24 2017", "D:"])
def test_what_is_no_date_is_told_as_written(written):
    assert rfc3339(written) == written


@given(st.text() | st.from_regex(r"(D:)?[0-9]{4,14}[Z+-]?[0-9']{0,6}", fullmatch=True))
@example("D:00010101000000+01'00'")
@example("D:99991231235959-01'00'")
def test_any_date_is_told_as_rfc_3339_or_as_written(written):
    told = rfc3339(written)
    assert told == written or re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", told)
