"""The work of a `pdf` job: text, tables, metadata and page images of one PDF, as results and as files."""

from contextlib import closing

from secretary.documents.collected_text import MAX_CHARACTERS, CollectedText
from secretary.documents.markdown import MarkdownFile
from secretary.documents.page_range import chosen_pages, listed
from secretary.documents.pages import MAX_PAGE_CHARACTERS, PageError, PageReading, Pages
from secretary.documents.pdf_metadata import describe
from secretary.documents.pdf_opening import open_pages
from secretary.documents.pdf_tables import MAX_GRID_POINTS, TableReader
from secretary.documents.plain_text import one_line
from secretary.documents.source_file import SourceFile, identify
from secretary.documents.stems import safe_stem
from secretary.errors import FileMissing, InvalidFile
from secretary.handlers import Context
from secretary.parameters.pdf import PdfParameters
from secretary.results.pdf import PdfMetadata, PdfResults, PdfStructuredData, PdfTable

_LONGEST_TITLE = 500


def run(parameters: PdfParameters, context: Context) -> PdfResults:
    """Read the PDF; leaves `<stem>.md`, `<stem>.json` and, if asked for, images in the context's directory."""
    context.report("initializing", 0, "Starting")
    if context.source is None:
        raise FileMissing("This job has no input file.")
    context.report("reading_file", 10, "Reading the file")
    source = identify(context.source)
    with closing(open_pages(source, parameters.password)) as pages:
        numbers = chosen_pages(source.name, pages.page_count, parameters, context.limits.max_pages)
        if pages.repaired:
            context.warn(f"{source.name} is damaged; only the text that could be found in it was read.")
        data = _read(pages, numbers, source, parameters, context)
        assets = _draw(pages, numbers, context) if parameters.include_images else []
    context.report("finalizing", 90, "Writing the results")
    json_file = context.directory / f"{safe_stem(source.path.stem)}.json"
    json_file.write_text(data.model_dump_json(indent=2), encoding="utf-8", newline="\n")
    return PdfResults(structured_data=data, assets=assets, target_dir="")


def _read(
    pages: Pages, numbers: range, source: SourceFile, parameters: PdfParameters, context: Context
) -> PdfStructuredData:
    metadata = describe(source, pages)
    markdown_name = f"{safe_stem(source.path.stem)}.md"
    title = one_line(metadata.title or source.path.stem, _LONGEST_TITLE)
    with (
        MarkdownFile(context.directory / markdown_name, title) as markdown,
        TableReader(source.path, parameters.password) as tables,
    ):
        reading = _Reading(pages, tables, markdown, grids=parameters.include_tables)
        for index, number in enumerate(numbers):
            context.report("extracting_text", 30 + 30 * index // len(numbers), _place(index, numbers, pages))
            reading.read(number)
    if not reading.text.contents or (pages.repaired and not reading.text.whole.strip()):
        raise InvalidFile(f"{source.name} is a damaged PDF: no page of it can be read.")
    for warning in reading.warnings(markdown_name):
        context.warn(warning)
    return reading.data(metadata)


class _Reading:
    """Going through the pages once, each page's text and tables together."""

    def __init__(self, pages: Pages, tables: TableReader, markdown: MarkdownFile, *, grids: bool) -> None:
        self.text = CollectedText()
        self._pages = pages
        self._table_reader = tables
        self._markdown = markdown
        self._grids = grids
        self._tables: list[PdfTable] = []
        self._unreadable: list[int] = []
        self._cut: list[int] = []
        self._too_dense: list[int] = []
        self._tables_unreadable: list[int] = []

    def read(self, number: int) -> None:
        try:
            page = self._pages.read(number, grids=self._grids)
        except PageError:
            self._unreadable.append(number)
            return
        tables = self._tables_of(number, page)
        if page.is_cut:
            self._cut.append(number)
        self._tables += tables
        self.text.add(number, page.text)
        self._markdown.add_page(number, page.text, tables)

    def _tables_of(self, number: int, page: PageReading) -> list[PdfTable]:
        if not page.grid_points:
            return []
        if page.grid_points > MAX_GRID_POINTS:
            self._too_dense.append(number)
            return []
        try:
            return self._table_reader.tables(number)
        except PageError:
            self._tables_unreadable.append(number)
            return []

    def data(self, metadata: PdfMetadata) -> PdfStructuredData:
        metadata.text_contents = self.text.contents
        return PdfStructuredData(extracted_text=self.text.whole, metadata=metadata, tables=self._tables)

    def warnings(self, markdown_name: str) -> list[str]:
        """One sentence for each thing that was only partly possible, however many pages it is about."""
        notes = (
            (self._unreadable, "not readable, left out of the results"),
            (self._cut, f"more than {MAX_PAGE_CHARACTERS:,} characters, the rest was left out"),
            (self._too_dense, "too many lines to look for tables"),
            (self._tables_unreadable, "not readable for tables, which may be missing"),
        )
        sentences = [f"{listed(numbers)}: {note}." for numbers, note in notes if numbers]
        if self.text.is_cut:
            sentences.append(
                f"The text is longer than {MAX_CHARACTERS:,} characters: extracted_text holds its beginning, "
                f"{markdown_name} the whole text."
            )
        if not self.text.whole.strip():
            sentences.append("No page has text of its own; it may be a scan.")
        return sentences


def _draw(pages: Pages, numbers: range, context: Context) -> list[str]:
    """Paths of the pictures inside the job's folder, a page's image and preview side by side."""
    for folder in ("images", "previews"):
        (context.directory / folder).mkdir()
    assets: list[str] = []
    failed: list[int] = []
    for index, number in enumerate(numbers):
        context.report("processing_images", 60 + 20 * index // len(numbers), _place(index, numbers, pages))
        image, preview = (f"{folder}/page-{number:04}.jpg" for folder in ("images", "previews"))
        try:
            pages.draw(number, context.directory / image, context.directory / preview)
        except PageError:
            failed.append(number)
        else:
            assets += [image, preview]
    if failed:
        context.warn(f"{listed(failed)}: no image could be made.")
    return assets


def _place(index: int, numbers: range, pages: Pages) -> str:
    if len(numbers) == pages.page_count:
        return f"Page {index + 1} of {len(numbers)}"
    return f"Page {numbers[index]} ({index + 1} of {len(numbers)})"
