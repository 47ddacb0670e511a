"""What a fetched file is called: as the server says, made safe."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secretary.fetching.filenames import filename_of, safe_filename


@pytest.mark.parametrize(
    ("disposition", "url", "name"),
    [
        (None, "https://a.example/docs/report.pdf?x=/y.pdf", "report.pdf"),
        (None, "https://a.example/docs/Z%C3%BCrich%20%E2%82%AC.pdf", "Zürich €.pdf"),
        (None, "https://a.example/", "download"),
        (None, "https://a.example", "download"),
        (None, "https://a.example/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "passwd"),
        ("attachment", "https://a.example/x.pdf", "x.pdf"),
        ('attachment; filename="a b.pdf"', "https://a.example/x", "a b.pdf"),
        ("attachment; filename=plain.pdf; size=3", "https://a.example/x", "plain.pdf"),
        ("inline; FILENAME*=UTF-8''na%C3%AFve.pdf; filename=\"naive.pdf\"", "https://a.example/x", "naïve.pdf"),
        ("inline; filename=\"naive.pdf\"; filename*=iso-8859-1'en'na%EFve.pdf", "https://a.example/x", "naïve.pdf"),
        ("inline; filename*=UTF-8''%FF.pdf; filename=fallback.pdf", "https://a.example/x", "fallback.pdf"),
        ("inline; filename*=no-such-charset''%41.pdf", "https://a.example/x.pdf", "x.pdf"),
        (r'attachment; filename="..\\..\\evil.pdf"', "https://a.example/x", "evil.pdf"),
        ('attachment; filename="../../etc/cron.d/x"', "https://a.example/x", "x"),
        ('attachment; filename="..."', "https://a.example/x.pdf", "download"),
    ],
)
def test_the_name_is_the_servers_or_that_of_the_path(disposition: str | None, url: str, name: str):
    assert filename_of(disposition, url) == name


@given(st.text())
def test_any_name_becomes_one_that_a_file_system_takes(name: str):
    safe = safe_filename(name)
    assert safe
    assert len(safe.encode()) <= 150
    assert not set(safe) & set('/\\\0\n<>:"|?*')
    assert not safe.startswith((".", " "))
    assert safe.isprintable()
    assert safe_filename(safe) == safe


def test_a_long_name_keeps_its_ending_and_no_invisible_sign_hides_it():
    assert safe_filename("ä" * 300 + ".pdf") == "ä" * 73 + ".pdf"
    assert safe_filename("invoice\u202efdp.exe") == "invoicefdp.exe"
