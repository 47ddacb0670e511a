"""What a job orders of each page, and what it is given for one: values that cross the pipe to a page worker as JSON."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from secretary.documents.blocks import Block
from secretary.documents.source_file import SourceFile
from secretary.parameters.pdf import PdfParameters
from secretary.providers import Providers
from secretary.results.pdf import PdfFailedPage, PdfMetadata, PdfTable


class PageOrder(BaseModel):
    """Which document is read and how. Holds the password: it is never logged."""

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64", frozen=True)

    source: SourceFile
    parameters: PdfParameters = Field(repr=False)
    directory: Path = Field(description="Where pictures are written.")
    providers: Providers = Field(default_factory=Providers, repr=False)


class Opening(BaseModel):
    """What is known of a document once it is open."""

    page_count: int
    repaired: bool
    metadata: PdfMetadata


class PageContent(BaseModel):
    """One page as it was read."""

    text: str
    blocks: list[Block] = Field(default_factory=list, description="The text for the Markdown file.")
    method: str = "native"
    engine: str | None = None
    dpi: int | None = None
    confidence: float | None = None
    reason: str | None = None
    tables: list[PdfTable] = Field(default_factory=list)
    notes: list[str] = Field(
        default_factory=list, description="What was only partly possible, as a sentence's end after the page's number."
    )
    failure: PdfFailedPage | None = Field(default=None, description="Why it is only a part of the page, where it is.")


class DrawnPage(BaseModel):
    """The pictures of one page."""

    names: list[str] = Field(description="Paths inside the job's folder: the page, its preview, the images it holds.")
    notes: list[str] = Field(default_factory=list, description="As those of PageContent.")


PageOutcome = PageContent | PdfFailedPage
DrawnOutcome = DrawnPage | PdfFailedPage
MaterialOutcome = str | PdfFailedPage
"""A page in base64, as a remote service wants it."""
