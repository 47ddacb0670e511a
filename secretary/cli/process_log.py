"""What a process of the service writes to standard error: one line each, with time, level, process and message."""

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


def start_logging(level: str, process: str) -> None:
    """Set up logging for this process, once, at its start."""
    handler = logging.StreamHandler()
    handler.setFormatter(LineFormatter(f"%(asctime)s %(levelname)s {process}[{os.getpid()}] %(message)s"))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    logging.captureWarnings(True)
    if level != "debug":
        for name in _LOUD:
            logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLogger().level))
