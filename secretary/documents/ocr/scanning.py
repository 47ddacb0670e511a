"""One page from picture to text: drawn finer when its letters are small or doubtful, turned when it lies on its side."""

from collections.abc import Callable
from typing import Any, Final

from secretary.documents.ocr.reading import CONFIDENT, OcrEngine, OcrReading

Draw = Callable[[int], tuple[Any, int]]
"""Gives the page as a Pillow picture of mode L at so many dots an inch, and how many there are: fewer on a huge page."""

USUAL_DPI: Final = 200
FINE_DPI: Final = 300
_SMALL_GLYPHS: Final = 20  # pixels
# Printed letters of 11 pixels are read without an error at a confidence of 0.94; finer dots cost twice the time.
_SURE: Final = 0.90
_DOUBTFUL: Final = 0.70
_READ: Final = 0.80  # a turn this sure is the right one
_TURNS: Final = (180, 90, 270)


def scan(engine: OcrEngine, draw: Draw) -> OcrReading:
    """The best reading of the page."""
    picture, dpi = draw(USUAL_DPI)
    reading = engine.read(picture, dpi=dpi)
    if reading.confidence < engine.turned_below:
        reading = _turned(engine, picture, reading)
    if engine.finer_helps and _needs_finer_dots(reading):
        picture, finer_dpi = draw(FINE_DPI)
        if finer_dpi > dpi:
            finer = engine.read(_turn(picture, reading.rotation), dpi=finer_dpi).turned(reading.rotation)
            reading = max(reading, finer, key=_quality)
    return reading


def _needs_finer_dots(reading: OcrReading) -> bool:
    if not reading.words:
        return False
    return reading.confidence < _DOUBTFUL or (reading.glyph_height < _SMALL_GLYPHS and reading.confidence < _SURE)


def _turned(engine: OcrEngine, picture: Any, upright: OcrReading) -> OcrReading:
    best = upright
    for rotation in _TURNS:
        reading = engine.read(_turn(picture, rotation), dpi=upright.dpi).turned(rotation)
        best = max(best, reading, key=_quality)
        if best.confidence >= _READ:
            break
    return best


def _quality(reading: OcrReading) -> float:
    """Letters that are surely read: a single sure one must not beat a page of words."""
    return sum(len(word.text) * word.confidence for word in reading.words if word.confidence >= CONFIDENT)


def _turn(picture: Any, clockwise: int) -> Any:
    return picture.rotate(-clockwise, expand=True) if clockwise else picture
