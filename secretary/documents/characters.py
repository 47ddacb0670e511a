"""The characters of a page one by one, with their places, sizes and fonts, as PDFium knows them."""

import ctypes
import math
import re
import sys
from collections.abc import Sequence
from functools import lru_cache
from itertools import repeat
from typing import Final

from secretary.documents.answers import Answers, swift
from secretary.documents.pdfium import light, raw
from secretary.documents.view import Box, View

_BOLD = re.compile(rb"bold|black|heavy|demi|(?:CM|SF)BX", re.IGNORECASE)
_LONGEST_FONT_NAME = 128
_MOST_CHARACTERS = 2_000_000
_INVISIBLE: Final[int] = raw.FPDF_TEXTRENDERMODE_INVISIBLE

_HANDLE, _INT, _ANY = ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p
_count = light(raw.FPDFText_CountChars, _INT, _HANDLE)
_unicode = light(raw.FPDFText_GetUnicode, ctypes.c_uint, _HANDLE, _INT)
_whole_text = light(raw.FPDFText_GetText, _INT, _HANDLE, _INT, _INT, _ANY)
_font_name = light(raw.FPDFText_GetFontInfo, ctypes.c_ulong, _HANDLE, _INT, _ANY, ctypes.c_ulong, _ANY)
_box = light(raw.FPDFText_GetLooseCharBox, _INT, _HANDLE, _INT, _ANY)
_render_mode = light(raw.FPDFTextObj_GetTextRenderMode, _INT, _HANDLE)
_font = light(raw.FPDFTextObj_GetFont, _HANDLE, _HANDLE)

# Asked for each line of a page.
_text_object = swift(raw.FPDFText_GetTextObject, _HANDLE)
_font_size = swift(raw.FPDFText_GetFontSize, ctypes.c_double)
_boxes = Answers(raw.FPDFText_GetLooseCharBox, "f", 4)
_origins = Answers(raw.FPDFText_GetCharOrigin, "d", 2, apart=True)
_matrices = Answers(raw.FPDFText_GetMatrix, "f", 6)

Handle = int | None
Letter = tuple[float, bool, bool]
"""How many points a character has, whether that means anything, and whether its font is bold. It means nothing where letters
run up or down the page, or are not visible as behind a scan."""


class Characters:
    """A page's characters in the order the document draws them; line ends and joined words are marked as PDFium does."""

    def __init__(self, text_page: int, view: View, crop: Box) -> None:
        self._page = text_page
        self._handle = ctypes.c_void_p(text_page)
        self._view = view
        self._crop = view.box(*crop)
        self.text = _text(text_page, max(0, min(_count(text_page), _MOST_CHARACTERS)))
        self._floats = (ctypes.c_float * 4)()
        self._name = ctypes.create_string_buffer(_LONGEST_FONT_NAME)
        self._at_floats = ctypes.addressof(self._floats)
        self._at_name = ctypes.addressof(self._name)
        self._bold: dict[Handle, bool] = {}  # of each font; they stay where they are as long as the page is open

    def box(self, index: int) -> Box:
        """The room its font gives the character, as seen."""
        _box(self._page, index, self._at_floats)
        left, top, right, bottom = self._floats
        return self._view.box(left, bottom, right, top)

    def boxes(self, indexes: Sequence[int]) -> list[Box]:
        """The same of each."""
        sides = _boxes.of(self._handle, indexes)
        return self._view.boxes(sides[0::4], sides[3::4], sides[2::4], sides[1::4])

    def bases(self, indexes: Sequence[int]) -> list[float]:
        """The height of the base line that each character stands on, as seen."""
        places = _origins.of(self._handle, indexes)
        return self._view.heights(places[0::2], places[1::2])

    def drawn_with(self, indexes: Sequence[int]) -> list[Handle]:
        """What draws each character: those that one thing draws have the same font and size, and one angle."""
        return list(map(_text_object, repeat(self._handle), indexes))

    def letters(self, indexes: Sequence[int], drawn_with: Sequence[Handle]) -> list[Letter]:
        """How each character is set."""
        turns = _matrices.of(self._handle, indexes)
        heights = map(math.hypot, turns[2::6], turns[3::6])
        level = self._view.are_level(turns[0::6], turns[1::6])
        sizes = map(_font_size, repeat(self._handle), indexes)
        modes = map(_render_mode, drawn_with)
        bold = self._are_bold(indexes, drawn_with)
        return [
            (points if math.isfinite(points := size * height) else 0.0, mode != _INVISIBLE and is_level, is_bold)
            for size, height, mode, is_level, is_bold in zip(sizes, heights, modes, level, bold, strict=True)
        ]

    def _are_bold(self, indexes: Sequence[int], drawn_with: Sequence[Handle]) -> list[bool]:
        """Whether each character's font is bold."""
        bold, fonts = self._bold, list(map(_font, drawn_with))
        for index, font in zip(indexes, fonts, strict=True):
            if font not in bold:
                bold[font] = self._is_bold(index)
        return list(map(bold.__getitem__, fonts))

    def _is_bold(self, index: int) -> bool:
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
