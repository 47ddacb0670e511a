"""Addresses on pages: what they lead to, and how they stand in a report."""

import pytest

from secretary.documents.web_links import in_html, resolved, shown

BASE = "https://conf.example/schedule/talk.html?x=1"


@pytest.mark.parametrize(
    ("reference", "url"),
    [
        ("../slides.pdf#page=2", "https://conf.example/slides.pdf"),
        ("//cdn.example/a.mp4", "https://cdn.example/a.mp4"),
        (" sli\ndes.pdf ", "https://conf.example/schedule/slides.pdf"),
        ("javascript:alert(1)", None),
        ("java\tscript:alert(1)", None),
        ("data:text/html,hi", None),
        ("file:///etc/passwd", None),
        ("http://[::1", None),
        ("", None),
        (None, None),
    ],
)
def test_a_reference_is_resolved_or_is_none_of_the_web(reference: str | None, url: str | None):
    assert resolved(BASE, reference) == url


def test_an_address_in_a_report_cannot_end_its_link_or_attribute():
    hostile = 'https://conf.example/a)b"c<d>e|f`g h]i*j'
    assert shown(hostile) == "https://conf.example/a%29b%22c%3Cd%3Ee%7Cf%60g%20h%5Di%2Aj"
    assert in_html("https://conf.example/?a=1&b='x'") == "https://conf.example/?a=1&amp;b=&#x27;x&#x27;"
    assert shown("javascript:alert(1)") == shown(None) == ""
