"""A page as a picture, 150 dots an inch for reading and 360 pixels wide for a list, when a job is asked for images."""

import math
from pathlib import Path
from typing import Any

from secretary.documents.pages import PageError
from secretary.documents.pdfium import pdfium, raw

_POINTS_AN_INCH = 72
_DOTS_AN_INCH = 150
_PREVIEW_WIDTH = 360
_LONGEST_EDGE = 4_000
_MOST_PIXELS = 16_000_000  # 64 MB in PDFium and as much again in Pillow; sizes are the document's word
_JPEG_QUALITY = 80


def draw_page(page: Any, image: Path, preview: Path) -> None:
    """Write both pictures; the preview is drawn at its size, which takes a quarter of the time of shrinking."""
    width, height = page.get_size()
    _draw(page, picture_size(width, height, _DOTS_AN_INCH / _POINTS_AN_INCH), image)
    _draw(page, preview_size(width, height), preview)


def preview_size(width: float, height: float) -> tuple[int, int]:
    return picture_size(width, height, _PREVIEW_WIDTH / width if width > 0 else math.nan)


def picture_size(width: float, height: float, scale: float) -> tuple[int, int]:
    """Pixels for a page of so many points: `scale` a point, less where an edge or the whole would get too large."""
    if not all(math.isfinite(value) and value > 0 for value in (width, height, scale)):
        raise PageError("its size is not a positive number")
    scale = min(scale, _LONGEST_EDGE / max(width, height), math.sqrt(_MOST_PIXELS / width / height))
    return max(1, math.floor(width * scale + 1e-6)), max(1, math.floor(height * scale + 1e-6))


def _draw(page: Any, size: tuple[int, int], path: Path) -> None:
    bitmap = pdfium.PdfBitmap.new_native(*size, raw.FPDFBitmap_BGRx)
    try:
        bitmap.fill_rect((255, 255, 255, 255), 0, 0, *size)
        raw.FPDF_RenderPageBitmap(bitmap, page, 0, 0, *size, 0, raw.FPDF_ANNOT)
        bitmap.to_pil().save(path, "JPEG", quality=_JPEG_QUALITY)
    finally:
        bitmap.close()
