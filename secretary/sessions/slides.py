"""The PDFs of a session: fetched, and read page by page by workers that have no network, as text and as pictures."""

import shutil
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

from secretary.documents.collected_text import MAX_CHARACTERS
from secretary.documents.page_content import DrawnPage, PageContent, PageOrder
from secretary.documents.page_range import listed
from secretary.documents.page_workers import CarefulReading
from secretary.documents.reading import Reading
from secretary.documents.source_file import SourceFile, identify
from secretary.documents.web_facts import PageLink
from secretary.documents.web_links import last_name
from secretary.errors import EncryptedFile, InvalidFile, JobFailure
from secretary.fetching import OutboundClient
from secretary.parameters.pdf import ONLY_TEXT, PdfParameters
from secretary.results.session import SessionAttachment, SlidePage
from secretary.sessions.fetching_again import download
from secretary.sessions.job import Job
from secretary.sessions.places import Places, safe_name

STEP: Final = "processing_attachments"
FIRST, LAST = 70, 89
_FOR_ONE: Final = 0.1
"""The part of the job's time that fetching one attachment may take."""
_LOCKED: Final = "It is encrypted; a session takes PDFs without a password only."
_EMBEDDED: Final = "images/embedded"


class Slides:
    """Attachments in order; one that fails is a warning with its reason."""

    def __init__(self, client: OutboundClient, places: Places, job: Job, folder: Path) -> None:
        self._client = client
        self._places = places
        self._job = job
        self._folder = folder
        self._names: set[str] = set()
        self._room = MAX_CHARACTERS
        self.assets: list[str] = []

    def read(self, links: Sequence[PageLink]) -> list[SessionAttachment]:
        return [self._attachment(link, index, len(links)) for index, link in enumerate(links)]

    def _attachment(self, link: PageLink, index: int, count: int) -> SessionAttachment:
        name = link.text or last_name(link.url)
        progress = _Progress(self._job, name, index, count)
        progress.tell(0.0, "fetching")
        try:
            return self._read(link, name, progress)
        except JobFailure as failure:
            # There is nobody here to give the password that a PDF job would ask for.
            reason = _LOCKED if isinstance(failure, EncryptedFile) else failure.message
            self._job.warn(f"The attachment {name} is missing in the report: {reason}")
            return SessionAttachment(url=link.url, name=name, error=reason)

    def _read(self, link: PageLink, name: str, progress: "_Progress") -> SessionAttachment:
        limits = self._job.limits
        fetched = download(
            self._client,
            link.url,
            self._folder / "attachment.pdf",
            max_bytes=limits.max_file_bytes,
            deadline_seconds=min(self._client.policy.total_seconds, limits.job_seconds * _FOR_ONE),
            on_progress=lambda received, total: progress.tell(0.3 * received / (total or received), "fetching"),
        )
        folder = self._places.assets / self._own_name(fetched.filename)
        (self._job.directory / folder).mkdir(parents=True)
        source = _called(identify(fetched.path), name)
        order = PageOrder(
            source=source,
            parameters=PdfParameters.model_validate({"filename": "attachment.pdf", **ONLY_TEXT}),
            directory=self._job.directory / folder,
            providers=self._job.providers.without_keys,
        )
        try:
            with closing(CarefulReading(order, limits, sign_of_life=self._job.sign_of_life)) as reading:
                pages = self._pages(reading, name, str(folder), progress)
                count = reading.opening.page_count
        except BaseException:
            shutil.rmtree(self._job.directory / folder)
            raise
        finally:
            fetched.path.unlink(missing_ok=True)
        # What is drawn on a page is on its image, too.
        shutil.rmtree(self._job.directory / folder / _EMBEDDED, ignore_errors=True)
        self.assets += [path for page in pages for path in (page.image, page.preview) if path]
        return SessionAttachment(url=link.url, name=name, page_count=count, pages=pages)

    def _pages(self, reading: Reading, name: str, folder: str, progress: "_Progress") -> list[SlidePage]:
        numbers = self._numbers(name, reading.opening.page_count)
        pages: list[SlidePage] = []
        lost: dict[str, list[int]] = {}
        contents, drawn = reading.read_all(numbers), None
        texts = {}
        for done, (number, content) in enumerate(zip(numbers, contents, strict=True), 1):
            progress.tell(0.3 + 0.35 * done / len(numbers), f"page {number} of {len(numbers)}")
            if isinstance(content, PageContent):
                texts[number] = self._fitting(content.text)
            else:
                lost.setdefault(content.message, []).append(number)
        if not texts:
            raise InvalidFile(f"no page of it can be read ({next(iter(lost))}).")
        for done, (number, drawn) in enumerate(zip(texts, reading.draw_all(list(texts)), strict=True), 1):
            progress.tell(0.65 + 0.35 * done / len(texts), f"picture of page {number}")
            image, preview = _pictures(drawn, folder) if isinstance(drawn, DrawnPage) else (None, None)
            if image is None:
                lost.setdefault("no image could be made", []).append(number)
            pages.append(SlidePage(page=number, text=texts[number], image=image, preview=preview))
        for note, which in lost.items():
            self._job.warn(f"{name}, {listed(which)[:1].lower()}{listed(which)[1:]}: {note}.")
        return pages

    def _numbers(self, name: str, page_count: int) -> range:
        most = self._job.limits.max_pages
        if page_count > most:
            self._job.warn(f"{name} has {page_count:,} pages; the first {most:,} are in the report.")
        return range(1, min(page_count, most) + 1)

    def _fitting(self, text: str) -> str:
        """Of all attachments together a report holds MAX_CHARACTERS."""
        fitting = text[: self._room]
        self._room -= len(fitting)
        return fitting

    def _own_name(self, filename: str) -> str:
        """A folder's name that no other attachment has, also where capitals are not told from small letters."""
        stem = safe_name(filename.removesuffix(".pdf").removesuffix(".PDF"))
        name, number = stem, 1
        while name.casefold() in self._names:
            number += 1
            name = f"{stem}-{number}"
        self._names.add(name.casefold())
        return name


class _Progress:
    """Where the job stands while one attachment of so many is read."""

    def __init__(self, job: Job, name: str, index: int, count: int) -> None:
        self._job = job
        self._name = name
        self._index = index
        self._count = count

    def tell(self, part: float, what: str) -> None:
        percent = FIRST + int((LAST - FIRST) * (self._index + min(part, 1.0)) / self._count)
        self._job.report(STEP, percent, f"Attachment {self._index + 1} of {self._count}, {self._name}: {what}")


def _called(source: SourceFile, name: str) -> SourceFile:
    return SourceFile(source.path, name, source.head, source.size, source.sha256)


def _pictures(drawn: DrawnPage, folder: str) -> tuple[str | None, str | None]:
    """The paths of a page's image and preview inside the job's folder."""
    named = {name.partition("/")[0]: f"{folder}/{name}" for name in drawn.names if not name.startswith(_EMBEDDED)}
    return named.get("images"), named.get("previews")
