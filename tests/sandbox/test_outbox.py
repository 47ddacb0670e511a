"""Reports of a fast task are told as their newest state, never late for good and never after the task's end."""

import os
import time
from collections.abc import Iterator
from typing import IO

import pytest

from secretary.sandbox.messages import Done, Failed, Logged, Message, Reported, decode
from secretary.sandbox.outbox import FREE_REPORTS, PAUSE_SECONDS, Outbox

DONE = Done(results={}, files=[], warnings=[], resident_bytes=0)


@pytest.fixture
def pipe() -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as reader, os.fdopen(writing, "wb") as writer:
        yield reader, writer


def page(number: int) -> Reported:
    return Reported("extracting_text", 30, f"Page {number}")


def told_until(reader: IO[bytes], last: Message) -> list[Message]:
    messages: list[Message] = []
    while not messages or messages[-1] != last:
        messages.append(decode(reader.readline()))
    return messages


def test_the_first_reports_are_told_one_by_one_and_later_ones_as_the_newest(pipe: tuple[IO[bytes], IO[bytes]]) -> None:
    reader, writer = pipe
    outbox = Outbox(writer)
    pages = [page(number) for number in range(FREE_REPORTS + 400)]
    for report in pages:
        outbox.send(report)
    outbox.send(DONE)
    messages = told_until(reader, DONE)
    assert messages[:FREE_REPORTS] == pages[:FREE_REPORTS]
    assert messages[-2:] == [pages[-1], DONE]
    assert len(messages) < len(pages)


def test_a_report_that_had_to_wait_is_told_also_when_nothing_follows(pipe: tuple[IO[bytes], IO[bytes]]) -> None:
    reader, writer = pipe
    outbox = Outbox(writer)
    for number in range(FREE_REPORTS + 2):
        outbox.send(page(number))
    assert told_until(reader, page(FREE_REPORTS + 1))[-1] == page(FREE_REPORTS + 1)


def test_nothing_of_a_task_is_told_after_its_end_and_the_next_begins_anew(pipe: tuple[IO[bytes], IO[bytes]]) -> None:
    reader, writer = pipe
    outbox = Outbox(writer)
    failed = Failed("CRASHED", "no", None, transient=False, reusable=True, traceback=None)
    for number in range(FREE_REPORTS + 2):
        outbox.send(page(number))
    line = Logged("info", "after the reports")
    outbox.send(line)
    outbox.send(failed)
    time.sleep(3 * PAUSE_SECONDS)
    outbox.send(page(1))
    outbox.send(page(2))
    assert told_until(reader, failed)[-3:] == [page(FREE_REPORTS + 1), line, failed]
    assert told_until(reader, page(2)) == [page(1), page(2)]
