"""Byte ranges (RFC 9110, section 14): which part of a file a caller wants, asked before the file is sent."""

import re
from typing import Final

from secretary.errors import FieldError, InvalidParameters

MAX_RANGES: Final = 100
_PART: Final = r"\s*(?:\d{1,18}-\d{0,18}|-\d{1,18})\s*"
_RANGES: Final = re.compile(f"bytes={_PART}(?:,{_PART})*", re.IGNORECASE)


class RangeNotSatisfiable(InvalidParameters):
    """The file is shorter than that; `Content-Range` says how long it is."""

    http_status = 416


def satisfiable(header: str, size: int) -> str | None:
    """The header with only those ranges that the file has; None when it is no such header and must be ignored.

    Raises RangeNotSatisfiable when the file has none of them.
    """
    if not _RANGES.fullmatch(header):
        return None
    wanted = [part.strip() for part in header.partition("=")[2].split(",")]
    if len(wanted) > MAX_RANGES or any(_backwards(part) for part in wanted):
        return None
    had = [part for part in wanted if _reaches(part, size)]
    if not had:
        message = f"the file has {size:,} bytes and none of those asked for"
        raise RangeNotSatisfiable(f"Range: {message}", fields=(FieldError(("Range",), message),))
    return f"bytes={','.join(had)}"


def _backwards(part: str) -> bool:
    first, _, last = part.partition("-")
    return bool(first and last) and int(first) > int(last)


def _reaches(part: str, size: int) -> bool:
    first, _, last = part.partition("-")
    return int(first) < size if first else int(last) > 0 and size > 0
