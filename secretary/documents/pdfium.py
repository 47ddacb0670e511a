"""PDFium and its C functions; pypdfium2 carries no types, so this is where jobs' typed code meets it."""

import ctypes
from collections.abc import Callable
from typing import Any

import pypdfium2
from pypdfium2 import raw as c_functions

pdfium: Any = pypdfium2
raw: Any = c_functions


def address(handle: Any) -> int:
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


def light(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:
    """The same C function with integers for handles: half the time of pointer classes, and a page has thousands."""
    return ctypes.PYFUNCTYPE(result, *arguments)(address(function))
