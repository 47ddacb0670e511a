"""The characters of a page one by one, with their places, sizes and fonts, as PDFium knows them."""

import ctypes
import math
import re
import sys
from functools import lru_cache
from itertools import repeat
from typing import Final

from secretary.documents.pdfium import light, raw
from secretary.documents.view import Box, Point, View

_BOLD = re.compile(rb"bold|black|heavy|demi|(?:CM|SF)BX", re.IGNORECASE)
_LONGEST_FONT_NAME = 128
_MOST_CHARACTERS = 2_000_000
_INVISIBLE: Final[int] = raw.FPDF_TEXTRENDERMODE_INVISIBLE

_HANDLE, _INT, _ANY = ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p
_count = light(raw.FPDFText_CountChars, _INT, _HANDLE)
_unicode = light(raw.FPDFText_GetUnicode, ctypes.c_uint, _HANDLE, _INT)
_whole_text = light(raw.FPDFText_GetText, _INT, _HANDLE, _INT, _INT, _ANY)
_font_size = light(raw.FPDFText_GetFontSize, ctypes.c_double, _HANDLE, _INT)
_font_name = light(raw.FPDFText_GetFontInfo, ctypes.c_ulong, _HANDLE, _INT, _ANY, ctypes.c_ulong, _ANY)
_matrix = light(raw.FPDFText_GetMatrix, _INT, _HANDLE, _INT, _ANY)
_box = light(raw.FPDFText_GetLooseCharBox, _INT, _HANDLE, _INT, _ANY)
_origin = light(raw.FPDFText_GetCharOrigin, _INT, _HANDLE, _INT, _ANY, _ANY)
_text_object = light(raw.FPDFText_GetTextObject, _HANDLE, _HANDLE, _INT)
_render_mode = light(raw.FPDFTextObj_GetTextRenderMode, _INT, _HANDLE)


class Characters:
    """A page's characters in the order the document draws them; line ends and joined words are marked as PDFium does."""

    def __init__(self, text_page: int, view: View, crop: Box) -> None:
        self._page = text_page
        self._view = view
        self._crop = view.box(*crop)
        self.text = _text(text_page, max(0, min(_count(text_page), _MOST_CHARACTERS)))
        self._floats = (ctypes.c_float * 6)()
        self._doubles = (ctypes.c_double * 2)()
        self._name = ctypes.create_string_buffer(_LONGEST_FONT_NAME)
        self._at_floats = ctypes.addressof(self._floats)
        self._at_doubles = (ctypes.addressof(self._doubles), ctypes.addressof(self._doubles) + 8)
        self._at_name = ctypes.addressof(self._name)

    def box(self, index: int) -> Box:
        """The room its font gives the character, as seen."""
        _box(self._page, index, self._at_floats)
        left, top, right, bottom = self._floats[:4]
        return self._view.box(left, bottom, right, top)

    def origin(self, index: int) -> Point:
        """Where the character stands on its base line, as seen."""
        _origin(self._page, index, *self._at_doubles)
        return self._view.point(*self._doubles)

    def size(self, index: int) -> tuple[float, bool]:
        """Points, and whether they mean anything: not where letters run up or down the page, or are not visible as behind a
        scan."""
        _matrix(self._page, index, self._at_floats)
        floats = self._floats
        along, down = self._view.point(floats[0], floats[1])
        size = _font_size(self._page, index) * math.hypot(floats[2], floats[3])
        is_seen = _render_mode(_text_object(self._page, index)) != _INVISIBLE
        return size if math.isfinite(size) else 0.0, is_seen and abs(along) >= abs(down)

    def are_drawn_together(self, indexes: tuple[int, int, int]) -> bool:
        """Whether the document draws these in one go, and so with the same font and size."""
        first, middle, last = indexes
        page = self._page
        drawn_with = _text_object(page, middle)
        return bool(drawn_with == _text_object(page, first) == _text_object(page, last))

    def is_bold(self, index: int) -> bool:
        self._name[0] = b"\0"
        _font_name(self._page, index, self._at_name, _LONGEST_FONT_NAME, None)
        return _is_bold(self._name.value)

    def is_on_page(self, box: Box) -> bool:
        left, top, right, bottom = box
        crop = self._crop
        return crop[0] <= (left + right) / 2 <= crop[2] and crop[1] <= (top + bottom) / 2 <= crop[3]


@lru_cache(maxsize=256)
def _is_bold(font_name: bytes) -> bool:
    return _BOLD.search(font_name) is not None


def _text(text_page: int, number: int) -> str:
    """All at once where that gives a unit for each character, as places are found by index; else one by one. A character
    beyond U+FFFF is two, the halves of its surrogate pair."""
    units = (ctypes.c_ushort * (number + 1))()
    if _whole_text(text_page, 0, number, ctypes.addressof(units)) == number + 1:
        text = memoryview(units)[:number].tobytes().decode("utf-16-le", errors="replace")
        return text if len(text) == number else "".join(map(chr, units[:number]))
    return "".join(map(_character, map(_unicode, repeat(text_page), range(number))))


def _character(code: int) -> str:
    return chr(code) if code <= sys.maxunicode else "\N{REPLACEMENT CHARACTER}"
