"""Files that belong to a session: fetched with patience, as a report without them is better than none."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from secretary.errors import JobFailure
from secretary.fetching import Fetched, OutboundClient

_TRIES: Final = 3
_PAUSE_SECONDS: Final = 0.5
_LEAST_SECONDS: Final = 3.0
"""A try of less is none."""

Progress = Callable[[int, int | None], None]


def download(
    client: OutboundClient,
    url: str,
    into: Path,
    *,
    max_bytes: int,
    deadline_seconds: float,
    on_progress: Progress,
) -> Fetched:
    """As `OutboundClient.download`, tried up to three times where that can help, all of them within `deadline_seconds`."""
    begun = time.monotonic()
    for tries in range(1, _TRIES + 1):
        left = deadline_seconds - (time.monotonic() - begun)
        try:
            return client.download(url, into, max_bytes=max_bytes, deadline_seconds=left, on_progress=on_progress)
        except JobFailure as failure:
            if not failure.transient or tries == _TRIES or time.monotonic() - begun > deadline_seconds - _LEAST_SECONDS:
                raise
        time.sleep(_PAUSE_SECONDS * tries)
    raise AssertionError("the last try ends with a file or a failure")
