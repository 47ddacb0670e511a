"""The images a page is made of, as the document holds them: JPEG data unchanged, what else there is as PNG."""

import ctypes
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from secretary.documents.pdfium import pdfium, raw

FOLDER = "images/embedded"

_MOST_PIXELS = 64_000_000  # 256 MB in PDFium and as much again in Pillow; sizes are the document's word
_MOST_ON_A_PAGE = 100
_MOST_BYTES = 100_000_000
_DEEPEST = 8  # forms within forms
_JPEG_MARK = b"\xff\xd8"
_QUICKLY = 3  # the level of compression at which a page's picture takes 20 ms instead of 55

_TOO_LARGE = f"embedded images of more than {_MOST_PIXELS:,} pixels, or twice that together, left out"
_TOO_MANY = f"more than {_MOST_ON_A_PAGE} embedded images, the rest was left out"
_UNREADABLE = "embedded images that cannot be decoded, left out"


@dataclass(slots=True)
class PageImages:
    """Paths inside the job's folder, also of images that an earlier page has; notes say what was left out."""

    names: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    pixels_left: int = 2 * _MOST_PIXELS

    def note(self, sentence: str) -> None:
        if sentence not in self.notes:
            self.notes.append(sentence)


class EmbeddedImages:
    """Written once each, whatever number of pages shows them."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._known: dict[bytes, str] = {}

    def of_page(self, page: Any, number: int) -> PageImages:
        found = PageImages()
        images = page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=_DEEPEST)
        for index, image in enumerate(islice(images, _MOST_ON_A_PAGE + 1), 1):
            if index > _MOST_ON_A_PAGE:
                found.note(_TOO_MANY)
                break
            name = self._save(image, f"{FOLDER}/page-{number:04}-{index}", found)
            if name is not None and name not in found.names:
                found.names.append(name)
        return found

    def _save(self, image: Any, stem: str, found: PageImages) -> str | None:
        try:
            jpeg = _jpeg(image)
            if jpeg is not None:
                return self._once(hashlib.sha256(jpeg).digest(), f"{stem}.jpg", lambda path: path.write_bytes(jpeg))
            width, height = image.get_px_size()
            if width * height > found.pixels_left or width * height > _MOST_PIXELS:
                found.note(_TOO_LARGE)
                return None
            found.pixels_left -= width * height
            return self._save_png(image, f"{stem}.png")
        except (pdfium.PdfiumError, ValueError, OSError):
            found.note(_UNREADABLE)
            return None

    def _save_png(self, image: Any, name: str) -> str:
        bitmap = image.get_bitmap()
        bitmap.warn_on_close = False  # the picture made of it is not used any more by then
        try:
            key = hashlib.sha256(f"{bitmap.mode} {bitmap.width} {bitmap.height} ".encode())
            key.update(bitmap.buffer)
            picture = bitmap.to_pil()
            return self._once(key.digest(), name, lambda path: picture.save(path, "PNG", compress_level=_QUICKLY))
        finally:
            bitmap.close()

    def _once(self, key: bytes, name: str, write: Callable[[Path], object]) -> str:
        if key not in self._known:
            path = self._directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            write(path)
            self._known[key] = name
        return self._known[key]


def _jpeg(image: Any) -> bytes | None:
    """The image's own JPEG file, where it is one; any compression around it is taken off."""
    filters = image.get_filters()
    if not filters or filters[-1] != "DCTDecode" or not set(filters[:-1]) <= set(pdfium.PdfImage.SIMPLE_FILTERS):
        return None
    read = raw.FPDFImageObj_GetImageDataDecoded if filters[:-1] else raw.FPDFImageObj_GetImageDataRaw
    size = read(image, None, 0)
    if not 0 < size <= _MOST_BYTES:
        return None
    data = (ctypes.c_ubyte * size)()
    read(image, data, size)
    jpeg = bytes(data)
    return jpeg if jpeg.startswith(_JPEG_MARK) else None
