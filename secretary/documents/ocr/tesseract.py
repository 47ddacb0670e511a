"""Tesseract, through the tesserocr wheel: 2 CPU seconds and 130 MB a page."""

import os
from pathlib import Path
from typing import Any, Final

from secretary.documents.ocr.reading import SIDEWAYS, OcrReading, Word

# Two threads a page are no faster than one, and a page worker has one core to itself.
os.environ.setdefault("OMP_THREAD_LIMIT", "1")
import tesserocr as untyped  # reads OMP_THREAD_LIMIT when it is loaded

tesserocr: Any = untyped

_BYTES_A_PIXEL: Final = 1
_TELLING_LETTERS: Final = 4  # shorter words may be higher than they are wide where they are read rightly


class Tesseract:
    """One loaded set of languages."""

    turned_below = 0.60
    finer_helps = True

    def __init__(self, tessdata: Path, languages: str) -> None:
        self.name = f"tesseract {tesserocr.tesseract_version().split()[1]} {languages}"
        # Automatic page segmentation is what reads columns one after the other.
        self._api = tesserocr.PyTessBaseAPI(path=f"{tessdata}/", lang=languages, psm=tesserocr.PSM.AUTO)

    def read(self, picture: Any, *, dpi: int) -> OcrReading:
        width, height = picture.size
        self._api.SetImageBytes(picture.tobytes(), width, height, _BYTES_A_PIXEL, width)
        self._api.SetSourceResolution(dpi)
        try:
            text = self._api.GetUTF8Text()
            words, is_sideways = self._words()
            return OcrReading(text.strip(), words, self.name, dpi, SIDEWAYS if is_sideways else 0)
        finally:
            self._api.Clear()

    def close(self) -> None:
        self._api.End()

    def _words(self) -> tuple[tuple[Word, ...], bool]:
        """The words, and whether they lie on their side: Tesseract turns such a page by itself and does not tell."""
        found = self._api.GetIterator()
        if found is None:
            return (), False
        level = tesserocr.RIL.WORD
        words = [
            (text, item.Confidence(level) / 100, *_size(item.BoundingBox(level)))
            for item in tesserocr.iterate_level(found, level)
            if not item.Empty(level) and (text := item.GetUTF8Text(level).strip())
        ]
        is_sideways = _mostly_tall(words)
        return tuple(
            Word(text, sure, width if is_sideways else height) for text, sure, width, height in words
        ), is_sideways


def _size(box: tuple[int, int, int, int]) -> tuple[int, int]:
    left, top, right, bottom = box
    return right - left, bottom - top


def _mostly_tall(words: list[tuple[str, float, int, int]]) -> bool:
    """Whether words long enough to tell stand higher than they are wide."""
    telling = [height > width for text, _, width, height in words if len(text) >= _TELLING_LETTERS]
    return sum(telling) * 2 > len(telling)
