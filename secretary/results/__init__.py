"""What comes out: the results of each job type."""

from secretary.results.base import Results
from secretary.results.filling import FilledTemplate, ModelUsage, TemplateFilling, TextPlace
from secretary.results.pdf import (
    PdfFailedPage,
    PdfMetadata,
    PdfResults,
    PdfStructuredData,
    PdfTable,
    PdfTextContent,
)
from secretary.results.session import (
    SessionAttachment,
    SessionResults,
    SessionStructuredData,
    SessionTranscript,
    SlidePage,
)
from secretary.results.transformer import TextSource, TransformerResults, TransformerStructuredData

__all__ = [
    "FilledTemplate",
    "ModelUsage",
    "PdfFailedPage",
    "PdfMetadata",
    "PdfResults",
    "PdfStructuredData",
    "PdfTable",
    "PdfTextContent",
    "Results",
    "SessionAttachment",
    "SessionResults",
    "SessionStructuredData",
    "SessionTranscript",
    "SlidePage",
    "TemplateFilling",
    "TextPlace",
    "TextSource",
    "TransformerResults",
    "TransformerStructuredData",
]
