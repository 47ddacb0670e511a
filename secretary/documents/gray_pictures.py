"""A page as a gray picture for OCR, its size checked before it is drawn."""

from typing import Any, Final

from secretary.documents.pdf_images import picture_size
from secretary.documents.pdfium import pdfium, raw

_POINTS_AN_INCH: Final = 72
_WHITE: Final = (255, 255, 255, 255)


def gray_picture(page: Any, dpi: int) -> tuple[Any, int]:
    """A Pillow picture of mode L and its dots an inch: fewer than asked for where the page is so large."""
    width, height = page.get_size()
    size = picture_size(width, height, dpi / _POINTS_AN_INCH)
    bitmap = pdfium.PdfBitmap.new_native(*size, raw.FPDFBitmap_Gray)
    try:
        bitmap.fill_rect(_WHITE, 0, 0, *size)
        raw.FPDF_RenderPageBitmap(bitmap, page, 0, 0, *size, 0, raw.FPDF_ANNOT | raw.FPDF_GRAYSCALE)
        # A copy: Pillow's picture lies in PDFium's memory, which is given back here.
        picture = bitmap.to_pil().copy()
    finally:
        bitmap.close()
    return picture, min(dpi, round(size[0] / width * _POINTS_AN_INCH))
