"""The write that ends an attempt, tried until the database answers."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from secretary.errors import ErrorCode, Unavailable

logger = logging.getLogger(__name__)

Written = TypeVar("Written")

END_SECONDS: Final = 120.0
"""How long the end of an attempt is tried to be written while the database is away. After that the lease is long gone."""


async def until_written(write: Callable[[], Awaitable[Written | None]]) -> Written | None:
    """Try a write until the database answers: finished work is not thrown away because it was away for a moment."""
    deadline = asyncio.get_running_loop().time() + END_SECONDS
    while True:
        try:
            return await write()
        except Unavailable:
            if asyncio.get_running_loop().time() > deadline:
                raise
            logger.warning("the end of an attempt cannot be written yet: %s", ErrorCode.UNAVAILABLE)
            await asyncio.sleep(0.5)
