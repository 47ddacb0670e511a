"""A whole service of a module's own, where the shared one will not do."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import free_port
from tests.installation import Installation


@contextmanager
def running(folder: Path, inputs: Path, **settings: str) -> Iterator[Installation]:
    """Its data in a folder inside `folder`, whose path must be short; its processes end with the block."""
    own = folder / uuid.uuid4().hex[:8]
    own.mkdir()
    made = Installation(own, inputs, None, free_port(), **settings)
    try:
        made.start_valkey()
        made.worker = made.start_worker()
        made.web = made.start_web()
        yield made
    finally:
        made.stop_all()
