"""Tesseract, through the tesserocr wheel: 2 CPU seconds and 130 MB a page."""

import os
from pathlib import Path
from typing import Any, Final

from secretary.documents.ocr.reading import OcrReading, Word

# Two threads a page are no faster than one, and a page worker has one core to itself.
os.environ.setdefault("OMP_THREAD_LIMIT", "1")
import tesserocr as untyped  # reads OMP_THREAD_LIMIT when it is loaded

tesserocr: Any = untyped

_BYTES_A_PIXEL: Final = 1


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
            return OcrReading(text.strip(), self._words(), self.name, dpi)
        finally:
            self._api.Clear()

    def close(self) -> None:
        self._api.End()

    def _words(self) -> tuple[Word, ...]:
        found = self._api.GetIterator()
        if found is None:
            return ()
        level = tesserocr.RIL.WORD
        words = []
        for item in tesserocr.iterate_level(found, level):
            if item.Empty(level):
                continue
            text = item.GetUTF8Text(level).strip()
            _, top, _, bottom = item.BoundingBox(level)
            words.append(Word(text, item.Confidence(level) / 100, bottom - top))
        return tuple(word for word in words if word.text)
