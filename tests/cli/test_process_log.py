"""The lines a process writes to standard error."""

import logging
import re
import sys

from secretary.cli.process_log import LineFormatter


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
