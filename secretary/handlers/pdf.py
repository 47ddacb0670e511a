"""The work of a `pdf` job: text, tables, metadata and page images of one PDF, and a template filled from them, as results and
as files."""

from contextlib import closing, nullcontext
from pathlib import Path

from secretary.documents.collected_text import MAX_CHARACTERS, CollectedText
from secretary.documents.kept_pictures import KeptPictures
from secretary.documents.lost_pages import LostPages
from secretary.documents.markdown import MarkdownFile
from secretary.documents.page_content import PageContent, PageOrder
from secretary.documents.page_range import chosen_pages, listed
from secretary.documents.page_workers import CarefulReading
from secretary.documents.picture_references import refer_to_pictures
from secretary.documents.plain_text import one_line
from secretary.documents.reading import DirectReading, Reading
from secretary.documents.source_file import SourceFile, identify
from secretary.documents.stems import safe_stem
from secretary.documents.table_files import TableFiles
from secretary.errors import ErrorCode, FileMissing, InvalidFile
from secretary.handlers import Context
from secretary.language.transforming import Stretch, Transformation, transform
from secretary.language.wishes import WishedTemplate, template_for_job
from secretary.parameters.pdf import ExtractionMethod, PdfParameters
from secretary.results.pdf import PdfFailedPage, PdfMetadata, PdfResults, PdfStructuredData, PdfTable

_LONGEST_TITLE = 500
_MAY_BE_A_SCAN = "No page has text of its own; it may be a scan, which extraction_method combined reads."
_NO_TEXT = "No text was found on any page."
_DRAWABLE = {ErrorCode.OCR_UNAVAILABLE, ErrorCode.PROVIDER_FAILED}
"""Why a page may be lost and can be drawn all the same."""


def run(parameters: PdfParameters, context: Context) -> PdfResults:
    """Read the PDF; leaves `<stem>.json`, unless not wanted `<stem>.md` and a CSV file for each table, and, if asked for, images
    and the filled template `<stem>.transformed.md`."""
    context.report("initializing", 0, "Starting")
    if context.source is None:
        raise FileMissing("This job has no input file.")
    context.report("reading_file", 10, "Reading the file")
    wished = _template(parameters, context)
    source = identify(context.source)
    order = PageOrder(
        source=source, parameters=parameters, directory=context.directory, providers=context.providers.without_keys
    )
    with closing(_open(order, context)) as reading:
        numbers = chosen_pages(source.name, reading.opening.page_count, parameters, context.limits.max_pages)
        if reading.opening.repaired:
            context.warn(f"{source.name} is damaged; only the text that could be found in it was read.")
        markdown = context.directory / f"{safe_stem(source.path.stem)}.md" if parameters.include_markdown else None
        data = _read(reading, numbers, source, context, markdown)
        lost = {page.page for page in data.metadata.failed_pages if page.code not in _DRAWABLE}
        assets = _draw(reading, numbers, lost, context, markdown) if parameters.include_images else []
    if wished is not None:
        # By now no process of this job has the document open: the one that asks a model may reach the network.
        _fill(wished, data, source, parameters, context)
    context.report("finalizing", 90, "Writing the results")
    json_file = context.directory / f"{safe_stem(source.path.stem)}.json"
    json_file.write_text(data.model_dump_json(indent=2), encoding="utf-8", newline="\n")
    return PdfResults(structured_data=data, assets=assets, target_dir="")


def _open(order: PageOrder, context: Context) -> Reading:
    """Here when that is fast and safe enough; in page workers when it was not, when pages take seconds each, and when this
    process may reach the network."""
    if order.parameters.needs_provider:
        return _open_remotely(order, context)
    asks_model = order.parameters.template is not None and context.providers.llm is not None
    if context.careful or asks_model or order.parameters.extraction_method is not ExtractionMethod.NATIVE:
        return CarefulReading(order, context.limits, sign_of_life=context.sign_of_life)
    return DirectReading(order, allow_seconds=context.allow_seconds, page_seconds=context.limits.page_seconds)


def _open_remotely(order: PageOrder, context: Context) -> Reading:
    from secretary.documents.remote.remote_reading import RemoteReading, open_service

    service = open_service(order.parameters, context.providers)
    try:
        pages = CarefulReading(order, context.limits, sign_of_life=context.sign_of_life)
    except BaseException:
        service.close()
        raise
    method = order.parameters.extraction_method.value
    return RemoteReading(service, pages, method=method, sign_of_life=context.sign_of_life)


def _read(
    reading: Reading, numbers: range, source: SourceFile, context: Context, markdown: Path | None
) -> PdfStructuredData:
    metadata = reading.opening.metadata
    title = one_line(metadata.title or source.path.stem, _LONGEST_TITLE)
    with MarkdownFile(markdown, title) if markdown else nullcontext() as file:
        collected = _Collected(file, TableFiles(context.directory))
        outcomes = reading.read_all(numbers)
        for index, number in enumerate(numbers):
            context.report("extracting_text", 30 + 30 * index // len(numbers), _place(index, numbers, reading))
            collected.add(number, next(outcomes))
    collected.lost.check_not_all(source.name, collected.text, repaired=reading.opening.repaired)
    for warning in collected.warnings(markdown):
        context.warn(warning)
    return collected.data(metadata)


class _Collected:
    """The pages of a job, in order, as they come."""

    def __init__(self, markdown: MarkdownFile | None, table_files: TableFiles) -> None:
        self.text = CollectedText()
        self.lost = LostPages()
        self._markdown = markdown
        self._table_files = table_files
        self._tables: list[PdfTable] = []
        self._notes: dict[str, list[int]] = {}

    def add(self, number: int, page: PageContent | PdfFailedPage) -> None:
        if isinstance(page, PdfFailedPage):
            self.lost.add(page)
            return
        if page.failure is not None:
            self.lost.add(page.failure)
        for note in page.notes:
            self._notes.setdefault(note, []).append(number)
        self._tables += page.tables
        self.text.add(number, page)
        if self._markdown is not None:
            self._markdown.add_page(number, page.blocks, page.tables)
        self._table_files.add_page(number, page.tables)

    def data(self, metadata: PdfMetadata) -> PdfStructuredData:
        metadata.text_contents = self.text.contents
        metadata.failed_pages = self.lost.pages
        return PdfStructuredData(extracted_text=self.text.whole, metadata=metadata, tables=self._tables)

    def warnings(self, markdown: Path | None) -> list[str]:
        """One sentence for each thing that was only partly possible, however many pages it is about."""
        sentences = [f"{listed(numbers)}: {note}." for note, numbers in {**self.lost.notes(), **self._notes}.items()]
        if self.text.is_cut:
            whole = (
                f", {markdown.name} the whole text"
                if markdown
                else "; with include_markdown a file holds the whole text"
            )
            sentences.append(
                f"The text is longer than {MAX_CHARACTERS:,} characters: extracted_text holds its beginning{whole}."
            )
        if not self.text.whole.strip():
            sentences.append(
                _NO_TEXT if any(page.reason or page.engine for page in self.text.contents) else _MAY_BE_A_SCAN
            )
        return sentences


def _draw(reading: Reading, numbers: range, lost: set[int], context: Context, markdown: Path | None) -> list[str]:
    """Paths of the pictures inside the job's folder: each page's image, its preview, and the images embedded in it."""
    pictures = KeptPictures(context.directory)
    failed: list[int] = []
    outcomes = reading.draw_all([number for number in numbers if number not in lost])
    for index, number in enumerate(numbers):
        context.report("processing_images", 60 + 20 * index // len(numbers), _place(index, numbers, reading))
        drawn = None if number in lost else next(outcomes)
        if drawn is None or isinstance(drawn, PdfFailedPage):
            failed.append(number)
        else:
            pictures.add(number, drawn)
    if failed:
        context.warn(f"{listed(failed)}: no image could be made.")
    for warning in pictures.warnings():
        context.warn(warning)
    if markdown is not None:
        refer_to_pictures(markdown, pictures.of_page)
    return pictures.assets


def _template(parameters: PdfParameters, context: Context) -> WishedTemplate | None:
    """Looked up before the document is read, which takes longer."""
    if parameters.template_wish is None:
        return None
    wished = template_for_job(parameters.template_wish, context.providers.templates)
    if wished.warning:
        context.warn(wished.warning)
    return wished


def _fill(
    wished: WishedTemplate, data: PdfStructuredData, source: SourceFile, parameters: PdfParameters, context: Context
) -> None:
    if not data.extracted_text.strip():
        raise InvalidFile(
            f"{source.name} has no text to fill the template from. It may be a scan, which extraction_method combined reads."
        )
    context.report("applying_template", 80, "Filling the template")
    metadata = data.metadata
    known = {name: getattr(metadata, name) for name in ("title", "author", "subject", "keywords", "page_count")}
    order = Transformation(
        template=wished.template,
        text=data.extracted_text,
        context=parameters.context or {},
        target_language=parameters.target_language,
        variables={**known, "filename": source.name, "target_language": parameters.target_language},
    )
    filled = transform(order, context, Stretch("applying_template", 80, 89))
    data.template_fields, data.template_filling = filled.template_fields, filled.filling
    data.transformed_text = filled.transformed_text
    written = context.directory / f"{safe_stem(source.path.stem)}.transformed.md"
    written.write_text(filled.transformed_text, encoding="utf-8", newline="")


def _place(index: int, numbers: range, reading: Reading) -> str:
    if len(numbers) == reading.opening.page_count:
        return f"Page {index + 1} of {len(numbers)}"
    return f"Page {numbers[index]} ({index + 1} of {len(numbers)})"
