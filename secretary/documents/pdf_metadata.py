"""What a job's results say of its document: its own entries, its size and its fingerprint."""

import re
from datetime import UTC, datetime, timedelta, timezone

from secretary.documents.pages import Pages
from secretary.documents.plain_text import one_line
from secretary.documents.source_file import SourceFile
from secretary.results.pdf import PdfMetadata

_LONGEST_ENTRY = 10_000

# PDF's own form, D:20240131235959+01'00', of which all after the year may be missing.
_PDF_DATE = re.compile(
    r"(?:D:)?(?P<year>\d{4})(?P<month>\d\d)?(?P<day>\d\d)?(?P<hour>\d\d)?(?P<minute>\d\d)?(?P<second>\d\d)?"
    r"(?:Z(?:00'?(?:00'?)?)?|(?P<sign>[+-])(?P<hours>\d\d)'?(?:(?P<minutes>\d\d)'?)?)?"
)


def describe(source: SourceFile, pages: Pages) -> PdfMetadata:
    """Metadata without the text, which is read page by page."""
    information = pages.information()
    entries = {key: one_line(value, _LONGEST_ENTRY) or None for key, value in information.entries.items()}
    return PdfMetadata(
        page_count=pages.page_count,
        title=entries.get("Title"),
        author=entries.get("Author"),
        subject=entries.get("Subject"),
        keywords=entries.get("Keywords"),
        creator=entries.get("Creator"),
        producer=entries.get("Producer"),
        creation_date=_date(entries.get("CreationDate")),
        modification_date=_date(entries.get("ModDate")),
        pdf_version=information.pdf_version,
        encrypted=information.encrypted,
        file_size=source.size,
        sha256=source.sha256,
    )


def _date(written: str | None) -> str | None:
    return None if written is None else rfc3339(written)


def rfc3339(written: str) -> str:
    """The date in UTC where it can be read, else as written; without a zone it is UTC, as ISO 32000-2 says."""
    try:
        moment = _pdf_date(written) or datetime.fromisoformat(written)
        zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return zoned.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    except (ValueError, OverflowError):
        return written


def _pdf_date(written: str) -> datetime | None:
    match = _PDF_DATE.fullmatch(written)
    if match is None:
        return None
    part = match.groupdict()
    year, month, day = int(part["year"]), int(part["month"] or 1), int(part["day"] or 1)
    hour, minute, second = (int(part[key] or 0) for key in ("hour", "minute", "second"))
    offset = timedelta(hours=int(part["hours"] or 0), minutes=int(part["minutes"] or 0))
    zone = timezone(-offset if part["sign"] == "-" else offset)
    return datetime(year, month, day, hour, minute, second, tzinfo=zone)
