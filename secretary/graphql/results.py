"""What a finished job hands out: the results of each job type, and plain JSON for the types that packages add."""

from typing import Annotated, Any

import strawberry
from strawberry.scalars import JSON

from secretary import results
from secretary.graphql.filling import TemplateFilling
from secretary.graphql.scalars import Long
from secretary.graphql.session import SessionResults
from secretary.job_types import PDF, SESSION, TRANSFORMER


@strawberry.type(description="The text of one page and how it was read.")
class PdfTextContent:
    page: int = strawberry.field(description="Page number, counted from 1.")
    content: str = strawberry.field(description="The page's text.")
    method: str = strawberry.field(description="How it was read: native, ocr, mistral_ocr or openai_vision.")
    engine: str | None = strawberry.field(description="What read it where that was not the document's own text.")
    dpi: int | None = strawberry.field(description="Dots an inch of the picture it was read from.")
    confidence: float | None = strawberry.field(description="0 to 1 where the engine says; null for native text.")
    reason: str | None = strawberry.field(description="Why this method was taken, where there was a choice.")

    @classmethod
    def from_results(cls, text: results.PdfTextContent) -> "PdfTextContent":
        return cls(
            page=text.page,
            content=text.content,
            method=text.method,
            engine=text.engine,
            dpi=text.dpi,
            confidence=text.confidence,
            reason=text.reason,
        )


@strawberry.type(description="A page that could not be read while the rest of the document could.")
class PdfFailedPage:
    page: int = strawberry.field(description="Page number, counted from 1.")
    code: str = strawberry.field(description="Why, as an error code of jobs.")
    message: str = strawberry.field(description="Why, in words.")

    @classmethod
    def from_results(cls, failed: results.PdfFailedPage) -> "PdfFailedPage":
        return cls(page=failed.page, code=failed.code, message=failed.message)


@strawberry.type(description="What the document says of itself, and its text page by page.")
class PdfMetadata:
    page_count: int = strawberry.field(description="Pages of the whole document, also when only some were read.")
    title: str | None = strawberry.field(description="The document's title.")
    author: str | None = strawberry.field(description="Who wrote it.")
    subject: str | None = strawberry.field(description="What it is about.")
    keywords: str | None = strawberry.field(description="Keywords, as the document has them.")
    creator: str | None = strawberry.field(description="The program it was written with.")
    producer: str | None = strawberry.field(description="The program that made the PDF.")
    creation_date: str | None = strawberry.field(description="As RFC 3339 where the document's date can be read so.")
    modification_date: str | None = strawberry.field(description="When it was last changed, written as creationDate.")
    pdf_version: str | None = strawberry.field(description="The version of PDF, such as 1.7.")
    encrypted: bool = strawberry.field(description="Whether the document is encrypted.")
    file_size: Long = strawberry.field(description="Bytes.")
    sha256: str = strawberry.field(description="SHA-256 of the document's bytes, hexadecimal.")
    text_contents: list[PdfTextContent] = strawberry.field(description="The text, page by page.")
    failed_pages: list[PdfFailedPage] = strawberry.field(
        description="Pages that could not be read, each with the reason."
    )

    @classmethod
    def from_results(cls, metadata: results.PdfMetadata) -> "PdfMetadata":
        return cls(
            page_count=metadata.page_count,
            title=metadata.title,
            author=metadata.author,
            subject=metadata.subject,
            keywords=metadata.keywords,
            creator=metadata.creator,
            producer=metadata.producer,
            creation_date=metadata.creation_date,
            modification_date=metadata.modification_date,
            pdf_version=metadata.pdf_version,
            encrypted=metadata.encrypted,
            file_size=Long(metadata.file_size),
            sha256=metadata.sha256,
            text_contents=[PdfTextContent.from_results(text) for text in metadata.text_contents],
            failed_pages=[PdfFailedPage.from_results(failed) for failed in metadata.failed_pages],
        )


@strawberry.type(description="One table of the document.")
class PdfTable:
    page: int = strawberry.field(description="The page it stands on, counted from 1.")
    rows: list[list[str | None]] = strawberry.field(description="Rows of cells; null where another cell spans it.")

    @classmethod
    def from_results(cls, table: results.PdfTable) -> "PdfTable":
        return cls(page=table.page, rows=table.rows)


@strawberry.type(description="Text, metadata and tables of a PDF.")
class PdfStructuredData:
    extracted_text: str = strawberry.field(description="The text of all pages read.")
    metadata: PdfMetadata = strawberry.field(description="What the document says of itself.")
    tables: list[PdfTable] = strawberry.field(description="The tables found.")
    template_fields: JSON | None = strawberry.field(description="The fields of the template, when one was filled.")
    transformed_text: str | None = strawberry.field(description="The filled template, when there was one.")
    template_filling: TemplateFilling | None = strawberry.field(
        description="How the template was filled, when there was one."
    )

    @classmethod
    def from_results(cls, data: results.PdfStructuredData) -> "PdfStructuredData":
        return cls(
            extracted_text=data.extracted_text,
            metadata=PdfMetadata.from_results(data.metadata),
            tables=[PdfTable.from_results(table) for table in data.tables],
            template_fields=JSON(data.template_fields) if data.template_fields is not None else None,
            transformed_text=data.transformed_text,
            template_filling=TemplateFilling.from_results(data.template_filling) if data.template_filling else None,
        )


@strawberry.type(description="Results of a pdf job.")
class PdfResults:
    structured_data: PdfStructuredData = strawberry.field(description="Text, metadata and tables.")
    assets: list[str] = strawberry.field(description="Paths of produced images and previews inside targetDir.")
    target_dir: str = strawberry.field(description="Where the produced files lie as the server sees them.")
    warnings: list[str] = strawberry.field(description="What was only partly possible.")

    @classmethod
    def from_row(cls, stored: dict[str, Any]) -> "PdfResults":
        found = results.PdfResults.model_validate(stored)
        return cls(
            structured_data=PdfStructuredData.from_results(found.structured_data),
            assets=found.assets,
            target_dir=found.target_dir,
            warnings=found.warnings,
        )


@strawberry.type(description="What the text was read from.")
class TextSource:
    kind: str = strawberry.field(description="text, html, pdf, markdown or plain.")
    url: str | None = strawberry.field(description="Where it came from in the end, after redirects.")
    title: str | None = strawberry.field(description="Its own title, if it has one.")


@strawberry.type(description="The fields of a template, and how they came about.")
class TransformerStructuredData:
    fields: JSON = strawberry.field(description="The template's fields by name.")
    filling: TemplateFilling = strawberry.field(description="How they came about.")
    source: TextSource = strawberry.field(description="What the text was read from.")
    source_language: str | None = strawberry.field(description="The language of the text, as it was given.")
    target_language: str | None = strawberry.field(description="The language that was asked for.")

    @classmethod
    def from_results(cls, data: results.TransformerStructuredData) -> "TransformerStructuredData":
        return cls(
            fields=JSON(data.fields),
            filling=TemplateFilling.from_results(data.filling),
            source=TextSource(kind=data.source.kind, url=data.source.url, title=data.source.title),
            source_language=data.source_language,
            target_language=data.target_language,
        )


@strawberry.type(description="Results of a transformer job.")
class TransformerResults:
    transformed_text: str = strawberry.field(description="The template with its values, as Markdown.")
    template_fields: JSON = strawberry.field(description="The fields by name; null where the text does not say.")
    structured_data: TransformerStructuredData = strawberry.field(description="The fields, and how they came about.")
    assets: list[str] = strawberry.field(description="Paths of produced images inside targetDir.")
    target_dir: str = strawberry.field(description="Where the produced files lie as the server sees them.")
    warnings: list[str] = strawberry.field(description="What was only partly possible.")

    @classmethod
    def from_row(cls, stored: dict[str, Any]) -> "TransformerResults":
        found = results.TransformerResults.model_validate(stored)
        return cls(
            transformed_text=found.transformed_text,
            template_fields=JSON(found.template_fields),
            structured_data=TransformerStructuredData.from_results(found.structured_data),
            assets=found.assets,
            target_dir=found.target_dir,
            warnings=found.warnings,
        )


@strawberry.type(description="Results of a job of a type that a package added.")
class CustomResults:
    data: JSON = strawberry.field(description="The results as the job type's own schema describes them.")


JobResults = Annotated[
    PdfResults | SessionResults | TransformerResults | CustomResults,
    strawberry.union("JobResults", description="What a completed job hands out, by job type."),
]


def results_of(
    job_type: str, stored: dict[str, Any]
) -> PdfResults | SessionResults | TransformerResults | CustomResults:
    """The results as their own type where the schema has one."""
    if job_type == PDF.name:
        return PdfResults.from_row(stored)
    if job_type == SESSION.name:
        return SessionResults.from_row(stored)
    if job_type == TRANSFORMER.name:
        return TransformerResults.from_row(stored)
    return CustomResults(data=JSON(stored))
