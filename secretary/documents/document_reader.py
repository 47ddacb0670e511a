"""An open document and everything a job asks of one of its pages, in whichever process dares to open it."""

from pathlib import Path

from secretary.documents.page_content import Opening, PageContent, PageOrder
from secretary.documents.pages import MAX_PAGE_CHARACTERS, PageError, PageReading
from secretary.documents.pdf_metadata import describe
from secretary.documents.pdf_opening import open_pages
from secretary.documents.pdf_tables import MAX_GRID_POINTS, TableReader
from secretary.results.pdf import PdfTable

_CUT = f"more than {MAX_PAGE_CHARACTERS:,} characters, the rest was left out"
_TOO_DENSE = "too many lines to look for tables"
_NO_TABLES = "not readable for tables, which may be missing"


class DocumentReader:
    """Raises a JobFailure when the document cannot be opened; its methods raise PageError when one page cannot be read."""

    def __init__(self, order: PageOrder) -> None:
        self._order = order
        self._pages = open_pages(order.source, order.parameters.password)
        self._tables = TableReader(order.source.path, order.parameters.password)
        self.opening = Opening(
            page_count=self._pages.page_count,
            repaired=self._pages.repaired,
            metadata=describe(order.source, self._pages),
        )

    def read(self, number: int) -> PageContent:
        page = self._pages.read(number, grids=self._order.parameters.include_tables)
        notes = [_CUT] if page.is_cut else []
        return PageContent(text=page.text, tables=self._tables_of(number, page, notes), notes=notes)

    def draw(self, number: int) -> list[str]:
        """Write the page's image and preview; their paths inside the job's folder."""
        names = [f"{folder}/page-{number:04}.jpg" for folder in ("images", "previews")]
        image, preview = (self._order.directory / name for name in names)
        for path in (image, preview):
            Path(path).parent.mkdir(exist_ok=True)
        self._pages.draw(number, image, preview)
        return names

    def close(self) -> None:
        self._tables.close()
        self._pages.close()

    def _tables_of(self, number: int, page: PageReading, notes: list[str]) -> list[PdfTable]:
        if not page.grid_points:
            return []
        if page.grid_points > MAX_GRID_POINTS:
            notes.append(_TOO_DENSE)
            return []
        try:
            return self._tables.tables(number)
        except PageError:
            notes.append(_NO_TABLES)
            return []
