"""Byte ranges (RFC 9110, section 14): which parts of a file a caller wants, settled before the file is sent."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from secretary.errors import FieldError, InvalidParameters

MAX_RANGES: Final = 100
_PART: Final = r"\s*(?:\d{1,18}-\d{0,18}|-\d{1,18})\s*"
_RANGES: Final = re.compile(f"bytes={_PART}(?:,{_PART})*", re.IGNORECASE)


class RangeNotSatisfiable(InvalidParameters):
    """The file is shorter than that; `Content-Range` says how long it is."""

    http_status = 416


@dataclass(frozen=True, slots=True)
class Part:
    """The bytes from `start` up to, not including, `end`."""

    start: int
    end: int

    @property
    def length(self) -> int:
        return self.end - self.start

    def content_range(self, size: int) -> str:
        return f"bytes {self.start}-{self.end - 1}/{size}"


def satisfiable(header: str, size: int) -> Sequence[Part] | None:
    """The parts that the header asks for and the file has, in the order asked for; None when it is to be ignored: it is no
    such header, or its parts together are more than the file.

    Raises RangeNotSatisfiable when the file has none of them.
    """
    if not _RANGES.fullmatch(header):
        return None
    wanted = [part.strip() for part in header.partition("=")[2].split(",")]
    if len(wanted) > MAX_RANGES or any(_backwards(part) for part in wanted):
        return None
    had = [found for part in wanted if (found := _part(part, size))]
    if not had:
        message = f"the file has {size:,} bytes and none of those asked for"
        raise RangeNotSatisfiable(f"Range: {message}", fields=(FieldError(("Range",), message),))
    # Parts that overlap would let a short request cost many times the file.
    return had if sum(part.length for part in had) <= size else None


def _backwards(part: str) -> bool:
    first, _, last = part.partition("-")
    return bool(first and last) and int(first) > int(last)


def _part(part: str, size: int) -> Part | None:
    first, _, last = part.partition("-")
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
    return Part(start, end) if start < end else None
