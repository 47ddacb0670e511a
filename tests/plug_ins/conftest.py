"""Both packages as pip installs them, and one service that finds them, for all tests of this folder."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.up.started import Started, started

HERE = Path(__file__).parent


@pytest.fixture(scope="package")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pip has installed both packages."""
    target = tmp_path_factory.mktemp("site-packages")
    # What is built with is there already: the tests need no package index.
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--target", target, HERE / "word_count", HERE / "broken"], check=True, timeout=120)
    return target


@pytest.fixture(scope="package")
def service(packages: Path) -> Iterator[Started]:
    with (
        tempfile.TemporaryDirectory(prefix="sec-") as folder,
        started(Path(folder), settings={"PYTHONPATH": str(packages)}) as running,
    ):
        yield running
        assert running.stop()[0] == 0
