"""The careful way reads what the fast way reads, says the same when it cannot, and loses a page instead of a document."""

import os
import signal
import threading
import time
from pathlib import Path

import psutil
import pytest

from secretary.documents.page_content import PageOrder
from secretary.documents.page_workers import CarefulReading
from secretary.documents.source_file import identify
from secretary.errors import EncryptedFile, ErrorCode, InvalidFile, OutOfMemory, SecretaryError, WrongPassword
from secretary.parameters.pdf import PdfParameters
from tests.documents_made import CATALOG, FONT, content, page, scan_pdf, table_pdf, text_pdf, written_pdf
from tests.handlers.kept_context import KeptContext, KeptLimits
from tests.hostile.bombs import content_unpacks_to_too_much, one_bomb_among_good_pages
from tests.hostile.contents import tiles_too_small_to_see

MENU = [["Dish", "Price"], ["Soup", "4.50"], ["Fish", "12.00"]]
LITTLE_MEMORY = 400 * 1024 * 1024


@pytest.fixture
def both_ways(tmp_path: Path):
    """The same job in the fast and in the careful way."""

    def make(source: Path) -> list[KeptContext]:
        contexts = []
        for way in ("fast", "careful"):
            (tmp_path / way).mkdir()
            contexts.append(KeptContext(source, tmp_path / way, careful=way == "careful"))
        return contexts

    return make


def test_both_ways_give_the_same(tmp_path, both_ways):
    source = table_pdf(tmp_path / "menu.pdf", MENU, text_pages_before=3, password="sesame", title="Menu")
    fast, careful = both_ways(source)
    results = [way.run(password="sesame", include_images=True) for way in (fast, careful)]
    assert results[0] == results[1]
    assert fast.reports == careful.reports
    assert fast.warnings == careful.warnings
    assert fast.produced() == careful.produced()
    for name in fast.produced():
        assert (fast.directory / name).read_bytes() == (careful.directory / name).read_bytes()


def test_both_ways_leave_out_the_same_damaged_pages(tmp_path, both_ways):
    tree = "<< /Type /Pages /Kids [3 0 R 98 0 R 3 0 R] /Count 3 >>"
    ways = both_ways(written_pdf(tmp_path / "hurt.pdf", CATALOG, tree, page(4, 5), content("fine"), FONT))
    results = [way.run() for way in ways]
    assert results[0] == results[1]
    [failed] = results[0].structured_data.metadata.failed_pages
    assert (failed.page, failed.code, failed.message) == (
        2,
        ErrorCode.INVALID_FILE,
        "not readable, left out of the results",
    )


@pytest.mark.parametrize(
    ("password", "failure"), [(None, EncryptedFile), ("guess", WrongPassword)], ids=["missing", "wrong"]
)
def test_both_ways_refuse_alike(tmp_path, both_ways, password, failure):
    source = text_pdf(tmp_path / "secret.pdf", "Between us", password="sesame")
    refusals = [_refusal(way, password=password) for way in both_ways(source)]
    assert [type(refusal) for refusal in refusals] == [failure, failure]
    assert refusals[0].message == refusals[1].message


def test_both_ways_say_what_a_file_is_that_is_no_pdf(tmp_path, both_ways):
    (tmp_path / "a.pdf").write_bytes(b"\x89PNG\r\n\x1a\nrest")
    refusals = [_refusal(way) for way in both_ways(tmp_path / "a.pdf")]
    assert [(type(refusal), refusal.message) for refusal in refusals] == [
        (InvalidFile, "a.pdf is not a PDF: it seems to be a PNG image.")
    ] * 2


def test_a_scan_is_told_of_in_both_ways(tmp_path, both_ways):
    ways = both_ways(scan_pdf(tmp_path / "scan.pdf", pages=2))
    for way in ways:
        way.run()
    assert ways[0].warnings == ways[1].warnings != []


def test_a_page_that_takes_too_much_memory_is_lost_alone_and_named(tmp_path):
    context = _careful(tmp_path, one_bomb_among_good_pages())
    data = context.run().structured_data
    assert [(page.page, page.content) for page in data.metadata.text_contents] == [
        (number, f"good page {number}") for number in (1, 2, 4, 5)
    ]
    sentence = "more memory needed than a page may use, left out of the results"
    assert [dict(failed) for failed in data.metadata.failed_pages] == [
        {"page": 3, "code": ErrorCode.OUT_OF_MEMORY, "message": sentence}
    ]
    assert context.warnings == [f"Page 3: {sentence}."]
    assert [message for step, _, message in context.reports if step == "extracting_text"] == [
        f"Page {number} of 5" for number in range(1, 6)
    ]


def test_pictures_that_a_dying_worker_left_half_written_are_removed(tmp_path):
    context = _careful(tmp_path, tiles_too_small_to_see(), page_seconds=1.0)
    left = [context.directory / name for name in ("images/page-0001.jpg", "images/embedded/page-0001-1.png")]
    for path in left:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"half")
    results = context.run(include_images=True)
    assert (results.assets, context.warnings[-1]) == ([], "Page 1: no image could be made.")
    assert context.produced() == ["a.json", "a.md"]


def test_a_document_of_which_no_page_can_be_read_is_refused_with_the_pages_code(tmp_path):
    context = _careful(tmp_path, content_unpacks_to_too_much())
    with pytest.raises(OutOfMemory) as refusal:
        context.run()
    assert refusal.value.message == (
        "a.pdf cannot be read: every page of it needs more memory than this server gives to one."
    )


def test_no_page_worker_is_left_whatever_the_end(tmp_path):
    _careful(tmp_path, one_bomb_among_good_pages()).run()
    with pytest.raises(OutOfMemory):
        _careful(tmp_path, content_unpacks_to_too_much()).run()
    assert _page_workers() == []


def test_a_page_whose_worker_was_killed_is_read_once_more(tmp_path):
    source = text_pdf(tmp_path / "a.pdf", *[f"page {number}" for number in range(1, 9)])
    reading = _reading(source, tmp_path)
    outcomes = reading.read_all(range(1, 9))
    texts = [next(outcomes).text]
    [worker] = _page_workers()
    worker.kill()
    texts += [outcome.text for outcome in outcomes]
    reading.close()
    assert texts == [f"page {number}" for number in range(1, 9)]


def test_a_worker_that_was_held_up_for_a_moment_goes_on(tmp_path):
    source = text_pdf(tmp_path / "a.pdf", *["page"] * 5)
    reading = _reading(source, tmp_path, page_seconds=1.0)
    [worker] = _page_workers()
    stopped = threading.Timer(0.5, os.kill, (worker.pid, signal.SIGCONT))
    worker.suspend()
    stopped.start()
    begun = time.monotonic()
    outcomes = list(reading.read_all(range(1, 6)))
    reading.close()
    assert time.monotonic() - begun < 5
    assert [outcome.text for outcome in outcomes] == ["page"] * 5


def test_closing_in_the_middle_ends_the_workers(tmp_path):
    source = text_pdf(tmp_path / "a.pdf", *["page"] * 50)
    reading = _reading(source, tmp_path, extraction_method="native")
    next(reading.read_all(range(1, 51)))
    reading.close()
    assert _page_workers() == []


def test_pages_that_take_seconds_are_read_two_at_once_and_come_in_order(tmp_path):
    source = text_pdf(tmp_path / "a.pdf", *[f"page {number}" for number in range(1, 21)])
    reading = _reading(source, tmp_path, extraction_method="combined")
    texts = [outcome.text for outcome in reading.read_all(range(1, 21))]
    workers = _page_workers()
    reading.close()
    assert texts == [f"page {number}" for number in range(1, 21)]
    assert len(workers) == 2


def _careful(tmp_path: Path, data: bytes, page_seconds: float = 20.0) -> KeptContext:
    source = tmp_path / "a.pdf"
    source.write_bytes(data)
    directory = tmp_path / f"out-{len(list(tmp_path.iterdir()))}"
    directory.mkdir()
    return KeptContext(
        source, directory, KeptLimits(page_seconds=page_seconds, memory_bytes=LITTLE_MEMORY), careful=True
    )


def _reading(source: Path, directory: Path, page_seconds: float = 20.0, **parameters: object) -> CarefulReading:
    asked = PdfParameters.model_validate({"filename": "a.pdf", **parameters})
    order = PageOrder(source=identify(source), parameters=asked, directory=directory)
    return CarefulReading(order, KeptLimits(page_seconds=page_seconds), sign_of_life=lambda: None)


def _refusal(context: KeptContext, **parameters: object) -> SecretaryError:
    with pytest.raises(SecretaryError) as refusal:
        context.run(**parameters)
    return refusal.value


def _page_workers() -> list[psutil.Process]:
    return [
        child
        for child in psutil.Process().children(recursive=True)
        if child.status() != psutil.STATUS_ZOMBIE and "secretary.documents.page_worker" in child.cmdline()
    ]
