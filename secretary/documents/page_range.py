"""Which pages of its document a job reads."""

from secretary.errors import PageRange, TooManyPages
from secretary.parameters.pdf import PdfParameters


def chosen_pages(name: str, page_count: int, parameters: PdfParameters, max_pages: int) -> range:
    """Page numbers from 1, as asked for; a range that is not inside the document is refused, not mended."""
    for field, value in (("page_start", parameters.page_start), ("page_end", parameters.page_end)):
        if value is not None and value > page_count:
            raise PageRange(f"{name} has {counted(page_count, 'page')}; {field} {value:,} is outside.")
    pages = range(parameters.page_start or 1, (parameters.page_end or page_count) + 1)
    if len(pages) > max_pages:
        raise TooManyPages(
            f"{name} has {counted(len(pages), 'page')} to read and this server takes {max_pages:,}; "
            "ask for a part with page_start and page_end."
        )
    return pages


def counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def listed(pages: list[int]) -> str:
    """Page numbers for a reader: `Page 4` or `Pages 1-3 and 7`."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][-1] + 1:
            runs[-1][1:] = [page]
        else:
            runs.append([page])
    texts = ["-".join(map(str, run)) for run in runs]
    joined = ", ".join(texts[:-1]) + " and " + texts[-1] if len(texts) > 1 else "".join(texts)
    return f"Page {joined}" if len(pages) == 1 else f"Pages {joined}"
