"""Opening the PDF of a job, and saying in one sentence why it cannot be opened."""

from secretary.documents.file_kinds import looks_like_pdf, seeming_kind
from secretary.documents.pages import PageError, Pages
from secretary.documents.pdfium import pdfium, raw
from secretary.documents.pdfium_pages import PdfiumPages
from secretary.documents.protection import is_strangely_protected
from secretary.documents.repaired_pages import RepairedPages
from secretary.documents.source_file import SourceFile
from secretary.errors import EncryptedFile, FileMissing, InvalidFile, JobFailure, WrongPassword


def open_pages(source: SourceFile, password: str | None) -> Pages:
    """The document ready for reading, with at least one page."""
    if not source.size:
        raise InvalidFile(f"{source.name} is empty.")
    pages = _open(source, password or None)
    if not pages.page_count:
        pages.close()
        raise InvalidFile(f"{source.name} has no pages that can be found.")
    return pages


def _open(source: SourceFile, password: str | None) -> Pages:
    try:
        return PdfiumPages(source.path, password)
    except FileNotFoundError as error:
        raise FileMissing(f"There is no file {source.name} any more.") from error
    except pdfium.PdfiumError as error:
        refusal = _refusal(error.err_code, source, password)
        if refusal is not None:
            raise refusal from error
    if not looks_like_pdf(source.head):
        raise InvalidFile(f"{source.name} is not a PDF: it seems to be {seeming_kind(source.head)}.")
    try:
        return RepairedPages(source.path, password)
    except PageError as error:
        raise InvalidFile(f"{source.name} is a damaged PDF: no page of it can be read.") from error


def _refusal(code: int | None, source: SourceFile, password: str | None) -> JobFailure | None:
    """What PDFium's code means for the job; None where another reader may still find pages."""
    # PDFium takes protection it has never heard of for a wrong password.
    if code == raw.FPDF_ERR_SECURITY or (code == raw.FPDF_ERR_PASSWORD and is_strangely_protected(source.path)):
        return EncryptedFile(
            f"{source.name} is encrypted in a way this server cannot open; save it without protection."
        )
    if code == raw.FPDF_ERR_PASSWORD and password:
        return WrongPassword(f"The password does not open {source.name}.")
    if code == raw.FPDF_ERR_PASSWORD:
        return EncryptedFile(f"{source.name} is encrypted; give its password.")
    return None
