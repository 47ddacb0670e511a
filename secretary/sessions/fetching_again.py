"""Files that belong to a session: fetched with patience, as a report without them is better than none."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from secretary.errors import JobFailure
from secretary.fetching import Fetched, OutboundClient

_TRIES: Final = 3
_PAUSE_SECONDS: Final = 0.5

Progress = Callable[[int, int | None], None]


def download(
    client: OutboundClient,
    url: str,
    into: Path,
    *,
    max_bytes: int,
    deadline_seconds: float | None = None,
    on_progress: Progress,
) -> Fetched:
    """As `OutboundClient.download`, tried three times where that can help."""
    for tries in range(1, _TRIES + 1):
        try:
            return client.download(
                url, into, max_bytes=max_bytes, deadline_seconds=deadline_seconds, on_progress=on_progress
            )
        except JobFailure as failure:
            if not failure.transient or tries == _TRIES:
                raise
        time.sleep(_PAUSE_SECONDS * tries)
    raise AssertionError("the last try ends with a file or a failure")
