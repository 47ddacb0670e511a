"""What comes out: the results of each job type."""

from secretary.results.base import Results
from secretary.results.pdf import (
    PdfFailedPage,
    PdfMetadata,
    PdfResults,
    PdfStructuredData,
    PdfTable,
    PdfTextContent,
)

__all__ = ["PdfFailedPage", "PdfMetadata", "PdfResults", "PdfStructuredData", "PdfTable", "PdfTextContent", "Results"]
