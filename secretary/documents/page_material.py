"""A single page as bytes that can be sent to a remote service: as a PDF of its own, without a password, or as a JPEG."""

from io import BytesIO
from typing import Any, Final

from secretary.documents.pages import PageError
from secretary.documents.pdf_images import picture_size
from secretary.documents.pdfium import pdfium, raw

_POINTS_AN_INCH: Final = 72
DOTS_AN_INCH: Final = 150
_JPEG_QUALITY: Final = 85
_MOST_BYTES: Final = 40 * 1024 * 1024
_WHITE: Final = (255, 255, 255, 255)


def page_as_jpeg(page: Any) -> bytes:
    width, height = page.get_size()
    size = picture_size(width, height, DOTS_AN_INCH / _POINTS_AN_INCH)
    bitmap = pdfium.PdfBitmap.new_native(*size, raw.FPDFBitmap_BGRx)
    try:
        bitmap.fill_rect(_WHITE, 0, 0, *size)
        raw.FPDF_RenderPageBitmap(bitmap, page, 0, 0, *size, 0, raw.FPDF_ANNOT)
        out = BytesIO()
        bitmap.to_pil().save(out, "JPEG", quality=_JPEG_QUALITY)
    finally:
        bitmap.close()
    return out.getvalue()


def page_as_pdf(document: Any, index: int) -> bytes:
    alone = pdfium.PdfDocument.new()
    try:
        alone.import_pages(document, [index])
        out = BytesIO()
        alone.save(out)
    finally:
        alone.close()
    if out.tell() > _MOST_BYTES:
        raise PageError("alone it is still too large to be sent")
    return out.getvalue()
