"""The text of a job's pages as its results hold it: cut at a limit, as the Markdown file has the rest."""

from secretary.documents.page_content import PageContent
from secretary.results.pdf import PdfTextContent

MAX_CHARACTERS = 2_000_000
_BETWEEN_PAGES = "\n\n"


class CollectedText:
    """Pages added in order."""

    def __init__(self) -> None:
        self.contents: list[PdfTextContent] = []
        self.is_cut = False
        self._room = MAX_CHARACTERS

    def add(self, number: int, page: PageContent) -> None:
        content = page.text[: self._room]
        self.is_cut = self.is_cut or len(content) < len(page.text)
        if content:
            self._room = max(0, self._room - len(content) - len(_BETWEEN_PAGES))
        self.contents.append(
            PdfTextContent(
                page=number,
                content=content,
                method=page.method,
                engine=page.engine,
                dpi=page.dpi,
                confidence=page.confidence,
                reason=page.reason,
            )
        )

    @property
    def whole(self) -> str:
        return _BETWEEN_PAGES.join(page.content for page in self.contents if page.content)
