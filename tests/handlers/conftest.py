"""A way to run one pdf job in a test."""

from pathlib import Path

import pytest

from tests.handlers.kept_context import KeptContext, KeptLimits


@pytest.fixture
def job(tmp_path):
    """Makes a context for a source file, its folder empty."""

    def make(source: Path | None, max_pages: int = 2_000) -> KeptContext:
        directory = tmp_path / f"produced-{len(list(tmp_path.glob('produced-*')))}"
        directory.mkdir()
        return KeptContext(source, directory, KeptLimits(max_pages))

    return make
