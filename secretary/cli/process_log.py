"""What a process of the service writes to standard error: one line each, with time, level, process and message."""

import asyncio
import logging
import os
import time
from typing import Final

_LOUD: Final = (
    "alembic",
    "aiosqlite",
    "asyncio",
    "dramatiq",
    "httpcore",
    "httpx",
    "multipart",
    "pdfminer",
    "PIL",
    "uvicorn",
    "websockets",
)
"""Libraries that tell at INFO what only their own developers want to know."""


class LineFormatter(logging.Formatter):
    """A message stays one line whatever a caller put into it; only a traceback takes more."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # overrides logging's name
        return super().formatMessage(record).replace("\r", "\\r").replace("\n", "\\n")


def is_news(record: logging.LogRecord) -> bool:
    """Whether anybody wants to know. A task that is stopped while it gives its database connection back is no accident: the pool
    throws that connection away."""
    kind = record.exc_info[0] if record.exc_info else None
    of_pool = record.name.startswith("sqlalchemy.pool")
    return not (of_pool and kind is not None and issubclass(kind, asyncio.CancelledError))


def start_logging(level: str, process: str) -> None:
    """Set up logging for this process, once, at its start."""
    handler = logging.StreamHandler()
    handler.setFormatter(LineFormatter(f"%(asctime)s %(levelname)s {process}[{os.getpid()}] %(message)s"))
    handler.addFilter(is_news)
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    logging.captureWarnings(True)
    if level != "debug":
        for name in _LOUD:
            logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLogger().level))
