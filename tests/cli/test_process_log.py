"""The lines a process writes to standard error."""

import asyncio
import logging
import re
import sys

import pytest

from secretary.cli.process_log import LineFormatter, is_news


def test_a_line_has_time_level_process_and_message_and_stays_one_line():
    record = logging.LogRecord("secretary", logging.WARNING, __file__, 1, "a caller sent %s", ("two\nlines",), None)
    line = LineFormatter("%(asctime)s %(levelname)s web[7] %(message)s").format(record)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z WARNING web\[7\] a caller sent two\\nlines", line)


def test_a_traceback_follows_its_line():
    try:
        raise ValueError("unforeseen")
    except ValueError:
        record = logging.LogRecord("secretary", logging.ERROR, __file__, 1, "failed", (), sys.exc_info())
    lines = LineFormatter("%(levelname)s %(message)s").format(record).splitlines()
    assert (lines[0], lines[1], lines[-1]) == (
        "ERROR failed",
        "Traceback (most recent call last):",
        "ValueError: unforeseen",
    )


@pytest.mark.parametrize(
    ("name", "error", "told"),
    [
        ("sqlalchemy.pool.impl.AsyncAdaptedQueuePool", asyncio.CancelledError(), False),
        ("sqlalchemy.pool.impl.AsyncAdaptedQueuePool", OSError(), True),
        ("secretary.worker", asyncio.CancelledError(), True),
        ("sqlalchemy.pool.impl.AsyncAdaptedQueuePool", None, True),
    ],
)
def test_a_connection_thrown_away_by_a_stop_is_no_news(name: str, error: BaseException | None, told: bool):
    about = (type(error), error, None) if error is not None else None
    assert is_news(logging.LogRecord(name, logging.ERROR, __file__, 1, "Exception during reset", (), about)) is told
