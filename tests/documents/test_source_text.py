"""The text of files from elsewhere: web pages as Markdown, PDFs through page workers, plain text in any charset, nothing else."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secretary.documents.charset import decoded
from secretary.documents.source_text import SaidOfSource, SourceText, read_source
from secretary.errors import ErrorCode, InvalidFile, JobFailure
from tests.documents_made import scan_pdf, text_pdf
from tests.handlers.kept_context import KeptLimits

PAGE = """<!doctype html><html lang="en"><head><title>Minutes of May | The Club</title><meta charset="utf-8"></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/shop">Shop</a></li></ul></nav>
<article><h1>Minutes of May</h1><p>Participants: Anna, Bjørn and all the others who were there on that long evening.</p>
<h2>Decisions</h2><ul><li>We buy bees for the garden.</li><li>We sell <b>no</b> honey.</li></ul>
<table><tr><th>what</th><th>price</th></tr><tr><td>bees</td><td>100 €</td></tr></table></article>
<script>document.write("by a script")</script><footer>Imprint and cookies</footer></body></html>"""
MARKDOWN = """# Minutes of May

Participants: Anna, Bjørn and all the others who were there on that long evening.

## Decisions

- We buy bees for the garden.
- We sell **no** honey.

| what | price |
|---|---|
| bees | 100 € |
"""


def read(path: Path, media_type: str | None = None, charset: str | None = None) -> SourceText:
    said = SaidOfSource(media_type, charset)
    return read_source(path, said, path.parent, KeptLimits(), sign_of_life=lambda: None)


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(("name", "media_type"), [("a.html", "text/html"), ("x", "application/xhtml+xml"), ("x", None)])
def test_a_web_page_becomes_markdown_without_what_is_around_it(
    tmp_path: Path, name: str, media_type: str | None
) -> None:
    source = read(written(tmp_path, name, PAGE), media_type)
    assert "\n".join(line.rstrip() for line in source.text.splitlines()) + "\n" == MARKDOWN
    assert (source.kind, source.title, source.warnings) == ("html", "Minutes of May", ())


def test_a_pdf_is_read_whatever_its_server_calls_it(tmp_path: Path) -> None:
    path = text_pdf(tmp_path / "a.pdf", "One", "Two", title="The title")
    for media_type in ("application/pdf", "text/html", "application/octet-stream", None):
        assert read(path, media_type) == SourceText("One\n\nTwo", "pdf", "The title")


@pytest.mark.parametrize(
    ("name", "media_type", "kind"),
    [
        ("a.txt", "text/plain", "plain"),
        ("a.md", "text/plain", "markdown"),
        ("a", "text/markdown", "markdown"),
        ("a", "application/octet-stream", "plain"),
        ("a", None, "plain"),
    ],
)
def test_plain_text_and_markdown_stay_as_they_are(tmp_path: Path, name: str, media_type: str | None, kind: str) -> None:
    text = "# Über uns\n\n  Zwei   Leerzeichen & <b>\n"
    assert read(written(tmp_path, name, text), media_type) == SourceText(text, kind)


@pytest.mark.parametrize(
    ("data", "said", "is_html", "text"),
    [
        ("Grüße".encode(), None, False, "Grüße"),
        ("Grüße".encode("latin-1"), None, False, "Grüße"),
        ("„Grüße“ 5 €".encode("cp1252"), "iso-8859-1", False, "„Grüße“ 5 €"),
        ("Žluťoučký".encode("iso-8859-2"), "ISO-8859-2", False, "Žluťoučký"),
        ("Grüße".encode("utf-8-sig"), "iso-8859-1", False, "Grüße"),
        ("Grüße".encode("utf-16"), None, False, "Grüße"),
        ("日本".encode("shift_jis"), "no-such-charset", False, "日本".encode("shift_jis").decode("cp1252", "replace")),
        ('<meta charset="shift_jis">日本'.encode("shift_jis"), None, True, '<meta charset="shift_jis">日本'),
        (b"zip\x9c", "zlib", False, "zipœ"),
        (b"a\r\nb\rc", None, False, "a\nb\nc"),
    ],
)
def test_charsets(data: bytes, said: str | None, is_html: bool, text: str) -> None:
    assert decoded(data, said=said, is_html=is_html) == text


@given(st.binary(max_size=200), st.one_of(st.none(), st.text(max_size=20)))
def test_any_bytes_are_decoded_whatever_is_said_of_them(data: bytes, said: str | None) -> None:
    assert isinstance(decoded(data, said=said, is_html=True), str)


@pytest.mark.parametrize("data", [b"BMW builds cars.", "RIFF heißt es".encode("latin-1")])
def test_a_text_is_one_whatever_its_first_letters(tmp_path: Path, data: bytes) -> None:
    assert read(written(tmp_path, "x", data), "text/plain").kind == "plain"


PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
REFUSED = {
    "an image": (PNG, "image/png", "x is a PNG image, which is not read here"),
    "an image called text": (PNG, "text/plain", "x is a PNG image, which is not read here"),
    "an archive": (b"PK\x03\x04 and more", None, "x is a ZIP archive or an office document"),
    "JSON": (b'{"a": 1}', "application/json", "x is of the type application/json, which is not read here"),
    "binary called text": (b"a\0b\xff", "text/plain", "x is a file of another kind, which is not read here"),
    "unknown bytes": (b"\xff\xfa\x00\x01\x02", None, "x is a file of another kind, which is not read here"),
    "no PDF": (b"Not found", "application/pdf", "x is a text file, which is not read here"),
    "an empty text": (b" \n", "text/plain", "x holds no text."),
    "an empty page": (b"<html><body><script>app()</script></body></html>", "text/html", "x is a web page without text"),
}


@pytest.mark.parametrize(("data", "media_type", "sentence"), REFUSED.values(), ids=REFUSED)
def test_other_kinds_are_refused_by_name(tmp_path: Path, data: bytes, media_type: str | None, sentence: str) -> None:
    with pytest.raises(InvalidFile) as refusal:
        read(written(tmp_path, "x", data), media_type)
    assert refusal.value.message.startswith(sentence)


def test_a_page_that_ends_its_reader_fails_alone_and_says_why(tmp_path: Path) -> None:
    nested = b"<!doctype html><html><body>" + b"<div>" * 200_000 + b"x"
    path, small = written(tmp_path, "deep.html", nested), KeptLimits(page_seconds=0.2)
    with pytest.raises(JobFailure) as failure:
        read_source(path, SaidOfSource("text/html"), tmp_path, small, sign_of_life=lambda: None)
    assert failure.value.code in {ErrorCode.TIMEOUT, ErrorCode.CRASHED, ErrorCode.OUT_OF_MEMORY}
    assert failure.value.message.startswith("deep.html cannot be read: ")


def test_a_scan_names_what_reads_it(tmp_path: Path) -> None:
    with pytest.raises(JobFailure, match="extraction_method combined reads"):
        read(scan_pdf(tmp_path / "scan.pdf"))
