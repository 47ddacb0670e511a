"""The horizontal and vertical lines on a page: what the tables of a job are found by."""

import ctypes
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any

from secretary.documents.pdfium import address, light, raw

_Matrix = tuple[float, float, float, float, float, float]
_Box = tuple[float, float, float, float]
_Point = tuple[float, float]

_AS_PLACED: _Matrix = (1, 0, 0, 1, 0, 0)
_THIN = 3.0  # points; pdfplumber takes edges nearer than this for one line
_SHORTEST = 3.0  # points; pdfplumber drops shorter edges
_STRAIGHT = 0.5  # points; how far a line may lean, as scanned and rotated drawings are never exact
_MOVE_TO, _LINE_TO = raw.FPDF_SEGMENT_MOVETO, raw.FPDF_SEGMENT_LINETO
_DEEPEST = 8  # forms within forms
_MOST_SEGMENTS = 20_000  # a page; drawings have millions, tables do not
_MOST_OBJECTS = 200_000


@dataclass(slots=True)
class RuledLines:
    """Lines as (position, start, end): y, left, right for horizontal ones and x, bottom, top for vertical ones."""

    horizontal: list[tuple[float, float, float]] = field(default_factory=list)
    vertical: list[tuple[float, float, float]] = field(default_factory=list)

    def add(self, x0: float, y0: float, x1: float, y1: float) -> None:
        wide, high = abs(x1 - x0), abs(y1 - y0)
        if high <= _STRAIGHT < _SHORTEST <= wide:
            self.horizontal.append(((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
        elif wide <= _STRAIGHT < _SHORTEST <= high:
            self.vertical.append(((x0 + x1) / 2, min(y0, y1), max(y0, y1)))


def ruled_lines(page: Any) -> RuledLines:
    """Every axis-parallel line inside the page's crop box; lines outside it are not seen by a reader."""
    collector = _Collector(page.get_bbox())
    collector.gather(address(page.raw), _PAGE, _AS_PLACED)
    return collector.lines


_HANDLE, _INT, _FLOAT = ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p
_object_type = light(raw.FPDFPageObj_GetType, _INT, _HANDLE)
_object_bounds = light(raw.FPDFPageObj_GetBounds, _INT, _HANDLE, *[_FLOAT] * 4)
_object_matrix = light(raw.FPDFPageObj_GetMatrix, _INT, _HANDLE, ctypes.POINTER(raw.FS_MATRIX))
_segment_count = light(raw.FPDFPath_CountSegments, _INT, _HANDLE)
_segment = light(raw.FPDFPath_GetPathSegment, _HANDLE, _HANDLE, _INT)
_segment_type = light(raw.FPDFPathSegment_GetType, _INT, _HANDLE)
_segment_point = light(raw.FPDFPathSegment_GetPoint, _INT, _HANDLE, _FLOAT, _FLOAT)

_Kin = tuple[Callable[..., Any], Callable[..., Any]]
_PAGE: _Kin = (
    light(raw.FPDFPage_CountObjects, _INT, _HANDLE),
    light(raw.FPDFPage_GetObject, _HANDLE, _HANDLE, _INT),
)
_FORM: _Kin = (
    light(raw.FPDFFormObj_CountObjects, _INT, _HANDLE),
    light(raw.FPDFFormObj_GetObject, _HANDLE, _HANDLE, ctypes.c_ulong),
)


class _Collector:
    def __init__(self, crop: _Box) -> None:
        self.lines = RuledLines()
        self._crop = crop
        self._segments_left = _MOST_SEGMENTS
        self._objects_left = _MOST_OBJECTS
        self._numbers = (ctypes.c_float * 4)()  # where PDFium writes bounds and points
        start = ctypes.addressof(self._numbers)
        self._places = tuple(range(start, start + 16, 4))

    def gather(self, parent: int, kin: _Kin, matrix: _Matrix, depth: int = 0) -> None:
        count, get = kin
        number = max(0, min(count(parent), self._objects_left))
        self._objects_left -= number
        objects = list(map(get, repeat(parent), range(number)))
        for handle, kind in zip(objects, map(_object_type, objects), strict=True):
            if kind == raw.FPDF_PAGEOBJ_PATH:
                self._path(handle, matrix)
            elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
                self.gather(handle, _FORM, _combined(_matrix_of(handle), matrix), depth + 1)

    def _path(self, handle: int, matrix: _Matrix) -> None:
        if not _object_bounds(handle, *self._places):
            return
        left, bottom, right, top = self._numbers
        wide, high = right - left, top - bottom
        if (wide < _SHORTEST and high < _SHORTEST) or not self._is_visible((left, bottom), (right, top), matrix):
            return
        if high <= _THIN:
            self._line((left, (bottom + top) / 2), (right, (bottom + top) / 2), matrix)
        elif wide <= _THIN:
            self._line(((left + right) / 2, bottom), ((left + right) / 2, top), matrix)
        else:
            self._outline(handle, _combined(_matrix_of(handle), matrix))

    def _outline(self, handle: int, matrix: _Matrix) -> None:
        """Each straight segment; a part left open is taken for closed, which can only add a line."""
        number = max(0, min(_segment_count(handle), self._segments_left))
        self._segments_left -= number
        x_place, y_place = self._places[:2]
        first = last = (0.0, 0.0)
        for index in range(number):
            segment = _segment(handle, index)
            _segment_point(segment, x_place, y_place)
            kind, point = _segment_type(segment), (self._numbers[0], self._numbers[1])
            if kind == _MOVE_TO:
                self._line(last, first, matrix)
                first = point
            elif kind == _LINE_TO and (abs(point[0] - last[0]) <= _STRAIGHT or abs(point[1] - last[1]) <= _STRAIGHT):
                self._line(last, point, matrix)
            last = point
        self._line(last, first, matrix)

    def _is_visible(self, low: _Point, high: _Point, matrix: _Matrix) -> bool:
        (x0, y0), (x1, y1) = _placed(low, matrix), _placed(high, matrix)
        left, bottom, right, top = self._crop
        return max(x0, x1) >= left and min(x0, x1) <= right and max(y0, y1) >= bottom and min(y0, y1) <= top

    def _line(self, start: _Point, end: _Point, matrix: _Matrix) -> None:
        """What of it lies in the crop box; a side of a box that reaches over the page's edge is seen as that edge."""
        (x0, y0), (x1, y1) = _placed(start, matrix), _placed(end, matrix)
        left, bottom, right, top = self._crop
        self.lines.add(
            min(max(x0, left), right), min(max(y0, bottom), top), min(max(x1, left), right), min(max(y1, bottom), top)
        )


def _matrix_of(handle: int) -> _Matrix:
    matrix = raw.FS_MATRIX()
    if not _object_matrix(handle, ctypes.byref(matrix)):
        return _AS_PLACED
    return (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)


def _combined(inner: _Matrix, outer: _Matrix) -> _Matrix:
    a, b, c, d, e, f = inner
    oa, ob, oc, od, oe, of = outer
    return (
        a * oa + b * oc,
        a * ob + b * od,
        c * oa + d * oc,
        c * ob + d * od,
        e * oa + f * oc + oe,
        e * ob + f * od + of,
    )


def _placed(point: _Point, matrix: _Matrix) -> _Point:
    x, y = point
    a, b, c, d, e, f = matrix
    return (a * x + c * y + e, b * x + d * y + f)
