"""Folders with short paths, since a private Valkey's socket lies in them."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="sec-") as path:
        yield Path(path)
