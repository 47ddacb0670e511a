"""Looks at the objects of a page for what tells whether it needs OCR; a page has thousands, so it stops where it knows enough."""

import ctypes
from collections.abc import Iterator
from typing import Any, Final

from secretary.documents.page_signals import PageSignals
from secretary.documents.pdfium import raw

_MOST_OBJECTS: Final = 20_000
_DEEPEST: Final = 4  # forms within forms
_CELLS: Final = 40  # a side; how much pictures cover together is counted in cells of the page
_TEXTS_LOOKED_AT: Final = 200


def measure_signals(page: Any) -> PageSignals:
    """Pictures inside forms are placed by the form, which is left out: they count with the whole form's place."""
    covered = _Covered(page.get_bbox())
    paths = texts = hidden = 0
    for handle in _objects(page):
        kind = raw.FPDFPageObj_GetType(handle)
        if kind == raw.FPDF_PAGEOBJ_PATH:
            paths += 1
        elif kind == raw.FPDF_PAGEOBJ_IMAGE:
            covered.add(handle)
        elif kind == raw.FPDF_PAGEOBJ_TEXT and texts < _TEXTS_LOOKED_AT:
            texts += 1
            hidden += raw.FPDFTextObj_GetTextRenderMode(handle) == raw.FPDF_TEXTRENDERMODE_INVISIBLE
        elif kind == raw.FPDF_PAGEOBJ_FORM:
            inner_paths, has_picture = _inside(handle)
            paths += inner_paths
            if has_picture:
                covered.add(handle)
    return PageSignals(covered.share, paths, text_is_hidden=0 < texts == hidden)


def _objects(page: Any) -> Iterator[Any]:
    for index in range(min(raw.FPDFPage_CountObjects(page), _MOST_OBJECTS)):
        yield raw.FPDFPage_GetObject(page, index)


def _inside(form: Any, depth: int = 0) -> tuple[int, bool]:
    """Paths in a form, and whether a picture is in it."""
    paths, has_picture = 0, False
    for index in range(min(raw.FPDFFormObj_CountObjects(form), _MOST_OBJECTS)):
        handle = raw.FPDFFormObj_GetObject(form, index)
        kind = raw.FPDFPageObj_GetType(handle)
        paths += kind == raw.FPDF_PAGEOBJ_PATH
        has_picture = has_picture or kind == raw.FPDF_PAGEOBJ_IMAGE
        if kind == raw.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
            inner_paths, inner_picture = _inside(handle, depth + 1)
            paths, has_picture = paths + inner_paths, has_picture or inner_picture
    return paths, has_picture


class _Covered:
    """The part of a page that pictures cover; scanners cut a page into strips, which may overlap."""

    def __init__(self, bounds: tuple[float, float, float, float]) -> None:
        left, bottom, right, top = bounds
        self._origin = (left, bottom)
        self._size = (max(right - left, 1e-6), max(top - bottom, 1e-6))
        self._cells: set[tuple[int, int]] = set()

    def add(self, handle: Any) -> None:
        box = [ctypes.c_float() for _ in range(4)]
        if not raw.FPDFPageObj_GetBounds(handle, *box):
            return
        left, bottom, right, top = (side.value for side in box)
        across = self._range(left, right, 0)
        down = self._range(bottom, top, 1)
        self._cells.update((x, y) for x in across for y in down)

    def _range(self, start: float, end: float, axis: int) -> range:
        def place(value: float) -> int:
            return round(min(max((value - self._origin[axis]) / self._size[axis], 0.0), 1.0) * _CELLS)

        return range(place(start), place(end))

    @property
    def share(self) -> float:
        return len(self._cells) / _CELLS**2
