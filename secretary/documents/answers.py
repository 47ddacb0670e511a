"""Asks PDFium one question about many characters: loops written in C around the calls, and room for the answers that stays."""

import ctypes
from array import array
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import repeat
from typing import Any

from secretary.documents.pdfium import address

_AT_ONCE = 256


def swift(function: Any, result: Any) -> Callable[..., Any]:
    """The C function for arguments that ctypes need not convert, which takes a third of the time of `light`: handles and
    addresses as `c_void_p`, and numbers that fit an int. Nothing checks them."""
    return ctypes.PYFUNCTYPE(result)(address(function))


class Answers:
    """Asks a C function that writes `width` numbers at an address, or one at each of `width` addresses when `apart`.

    Not for threads, as PDFium is not: the next questions overwrite the room."""

    def __init__(self, function: Any, kind: str, width: int, *, apart: bool = False) -> None:
        self._ask = swift(function, None)
        self._kind = kind
        self._width = width
        self._room = array(kind, bytes(_AT_ONCE * width * array(kind).itemsize))
        self._places = [self._addresses(number, width) for number in range(width if apart else 1)]

    def of(self, text_page: ctypes.c_void_p, indexes: Sequence[int]) -> "array[float]":
        """The numbers for each index, one behind the other."""
        found: array[float] = array(self._kind)
        for some in _pieces(indexes):
            deque(map(self._ask, repeat(text_page), some, *self._places), maxlen=0)
            found.extend(self._room[: len(some) * self._width])
        return found

    def _addresses(self, offset: int, width: int) -> list[ctypes.c_void_p]:
        start, _ = self._room.buffer_info()
        size = self._room.itemsize
        return [ctypes.c_void_p(start + size * (offset + width * number)) for number in range(_AT_ONCE)]


def _pieces(indexes: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(indexes), _AT_ONCE):
        yield indexes[start : start + _AT_ONCE]
