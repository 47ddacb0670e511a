"""Folders with short paths for services that are started for real."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where a service is started: a Unix socket's path may have 107 bytes, so not in pytest's deep folders."""
    with tempfile.TemporaryDirectory(prefix="sec-") as path:
        yield Path(path)
