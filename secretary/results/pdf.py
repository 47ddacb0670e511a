"""Results of `pdf` jobs; contract section 4."""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from secretary.results.base import Results
from secretary.results.filling import TemplateFilling


class PdfTextContent(BaseModel):
    """The text of one page and how it was read."""

    page: int = Field(description="Page number, counted from 1.")
    content: str = Field(description="The page's text.")
    method: str = Field(description="How it was read: native, ocr, mistral_ocr or openai_vision.")
    engine: str | None = Field(None, description="What read it where that was not the document's own text.")
    dpi: int | None = Field(None, description="Dots an inch of the picture it was read from.")
    confidence: float | None = Field(None, description="0-1 where the engine says, None for native text.")
    reason: str | None = Field(None, description="Why this method was taken for this page, where there was a choice.")


class PdfFailedPage(BaseModel):
    """A page that could not be read while the rest of the document could."""

    page: int = Field(description="Page number, counted from 1.")
    code: str = Field(description="CRASHED, OUT_OF_MEMORY, TIMEOUT, INVALID_FILE, PROVIDER_FAILED.")
    message: str


class PdfMetadata(BaseModel):
    """What the document says of itself, and the text page by page."""

    model_config = ConfigDict(extra="forbid")

    page_count: int = Field(description="Pages of the whole document, also when only some were read.")
    title: str | None = None
    author: str | None = None
    subject: str | None = None
    keywords: str | None = None
    creator: str | None = None
    producer: str | None = None
    creation_date: str | None = Field(
        None, description="As RFC 3339 where the document's own date can be read so, else as written."
    )
    modification_date: str | None = None
    pdf_version: str | None = None
    encrypted: bool = False
    file_size: int = Field(0, description="Bytes.")
    sha256: str = Field("", description="Of the document's bytes, hexadecimal.")
    text_contents: list[PdfTextContent] = Field(default_factory=list)
    failed_pages: list[PdfFailedPage] = Field(
        default_factory=list, description="Pages that could not be read, each with the reason."
    )


class PdfTable(BaseModel):
    """One table: rows of cells, None where a cell is spanned by another."""

    page: int
    rows: list[list[str | None]]


class PdfStructuredData(BaseModel):
    """Text, metadata and tables."""

    extracted_text: str
    metadata: PdfMetadata
    tables: list[PdfTable] = Field(default_factory=list)
    template_fields: dict[str, JsonValue] | None = None
    transformed_text: str | None = None
    template_filling: TemplateFilling | None = Field(
        default=None, description="How the template was filled, when there was one."
    )


class PdfResults(Results):
    """Results of a `pdf` job."""

    main_part: ClassVar[str | None] = "structured_data"

    structured_data: PdfStructuredData

    @property
    def whole(self) -> bool:
        filling = self.structured_data.template_filling
        return not self.structured_data.metadata.failed_pages and (filling is None or filling.repeatable)
