"""A session's page, fetched and read in a process apart."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from secretary.errors import InvalidFile, TimedOut
from secretary.fetching import OutboundClient, OutboundPolicy
from secretary.sessions.page import SessionPage, fetch_page
from tests.fetching.servers import Server, answering, serving
from tests.handlers.test_session_job import KeptContext, KeptLimits
from tests.sessions.conference import page

Read = Callable[[bytes], SessionPage]


@dataclass
class Reader:
    server: Server
    folder: Path
    limits: KeptLimits = field(default_factory=KeptLimits)

    def read(self, html: bytes, content_type: str = "text/html; charset=utf-8") -> SessionPage:
        url = self.server.on("/talk", answering(200, html, content_type=content_type))
        client = OutboundClient(OutboundPolicy(allow_private_networks=True))
        job = KeptContext(self.folder, limits=self.limits)
        return fetch_page(url, "Fast parsers", client, job, self.folder)


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    with serving() as server:
        yield Reader(server, tmp_path)


def test_the_main_text_is_markdown_without_menus(reader: Reader):
    read = reader.read(page())
    assert "becomes fast without becoming hard to read" in read.text
    assert "- How to measure it" in read.text
    assert "About this site" not in read.text
    assert read.facts.speakers == ("Ada Lovelace", "Alan Turing")
    assert read.facts.captions[1].language == "en"


def test_a_page_that_only_tells_machines_is_read_from_that_and_one_that_tells_nothing_is_refused(reader: Reader):
    script = page().decode().partition("</script>")[0].partition("<script")[2]
    read = reader.read(f"<html><head><script{script}</script></head><body></body></html>".encode())
    assert (read.title, read.text) == ("Fast parsers", "How parsers are written that are fast & small.\n")
    with pytest.raises(InvalidFile, match=r"^The page at .* has no text to read"):
        reader.read(b"<html><body><div id=app></div></body></html>")


def test_a_page_in_another_charset_is_read_in_that(reader: Reader):
    html = page().decode().replace("Parsers read text", "Zerteiler für Texte, größer als")
    read = reader.read(html.replace("utf-8", "latin-1").encode("latin-1"), "text/html")
    assert "Zerteiler für Texte, größer als" in read.text


def test_a_page_that_nests_without_end_ends_its_own_reader_and_the_failure_says_so(reader: Reader):
    reader.limits.page_seconds = 2.0
    with pytest.raises(TimedOut, match=r"^The page at .* takes longer than this server gives to a page"):
        reader.read(b"<html><body>" + b"<div>" * 200_000 + b"<p>" + b"Words of a deeply buried talk. " * 50)
