"""pdfplumber at arm's length: loaded only by a job that needs it, its many errors made one, its pages closed."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from secretary.documents.pages import PageError


def open_plumber(file: Path | BytesIO, password: str | None) -> Any:
    """The document as pdfplumber reads it; PageError when it cannot."""
    import pdfplumber  # half a second and 40 MB that jobs without tables do not pay

    # A hostile document can make them write a line for each of a million objects.
    for chatty in ("pdfminer", "pdfplumber"):
        logging.getLogger(chatty).setLevel(logging.CRITICAL)
    with _one_kind_of_error():
        document = pdfplumber.open(file, password=password)
        try:
            document.pages  # noqa: B018  # builds the list, and raises where the page tree is broken
        except BaseException:
            document.stream.close()
            raise
        return document


@contextmanager
def reading_page(document: Any, number: int) -> Iterator[Any]:
    """A page of it, closed at the end: the document's own `with` leaves pages open, at megabytes each."""
    with _one_kind_of_error():
        page = document.pages[number - 1]
        try:
            yield page
        finally:
            page.close()


@contextmanager
def _one_kind_of_error() -> Iterator[None]:
    """pdfminer meets damaged objects with whatever Python raises: KeyError, TypeError, struct.error, RecursionError."""
    try:
        yield
    except Exception as error:
        if any(isinstance(cause, MemoryError) for cause in (error, *error.args)):
            raise MemoryError from error
        raise PageError(type(error).__name__) from error
