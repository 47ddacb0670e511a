"""Keyset pages: the place in a list is the last row's own values, so a page neither skips nor repeats rows that come or go."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import Select, SQLColumnExpression, tuple_

DEFAULT_PAGE: Final = 20
MAX_PAGE: Final = 100

Row = TypeVar("Row")
Column = SQLColumnExpression[Any]


class InvalidCursor(ValueError):
    """The cursor was not made by this service."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a list ordered by an instant and an id."""

    instant: datetime
    id: str

    def encode(self) -> str:
        text = json.dumps([self.instant.astimezone(UTC).isoformat(), self.id], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> "Cursor":
        """Raises InvalidCursor."""
        try:
            instant, row_id = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            parsed = datetime.fromisoformat(instant)
            parsed.astimezone(UTC)
        except (binascii.Error, ValueError, TypeError, UnicodeError, OverflowError, RecursionError):
            # Nested a thousand deep, or an instant that has no UTC in the calendar: not ours either.
            raise InvalidCursor(text) from None
        if parsed.tzinfo is None or not (isinstance(row_id, str) and row_id.isascii() and row_id.isprintable()):
            # PostgreSQL refuses a null byte in a text, and no driver takes half of a surrogate pair.
            raise InvalidCursor(text)
        return cls(parsed, row_id)


@dataclass(frozen=True, slots=True)
class PageRequest:
    """`size` rows after or before a place; `backward` asks for the end of the list (Relay's `last`)."""

    size: int = DEFAULT_PAGE
    after: Cursor | None = None
    before: Cursor | None = None
    backward: bool = False
    descending: bool = True


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows in list order with their cursors, as they were stored, and whether there are more on either side."""

    rows: Sequence[Row]
    cursors: Sequence[Cursor]
    has_next: bool
    has_previous: bool


def bounded(statement: Select[Any], request: PageRequest, instant: Column, row_id: Column) -> Select[Any]:
    """`statement` with the page's bounds, order and one row more than asked, by which `page_of` sees that there are more."""
    place = tuple_(instant, row_id)
    for cursor, comes_after in ((request.after, True), (request.before, False)):
        if cursor is not None:
            bound = tuple_(cursor.instant, cursor.id)
            statement = statement.where(place < bound if comes_after == request.descending else place > bound)
    falling = request.descending != request.backward
    order = (instant.desc(), row_id.desc()) if falling else (instant.asc(), row_id.asc())
    return statement.order_by(*order).limit(request.size + 1)


def page_of(rows: Sequence[Row], request: PageRequest, place: Callable[[Row], Cursor]) -> Page[Row]:
    more = len(rows) > request.size
    kept = list(rows[: request.size])
    if request.backward:
        kept.reverse()
    cursors = [place(row) for row in kept]
    if request.backward:
        return Page(kept, cursors, has_next=request.before is not None, has_previous=more)
    return Page(kept, cursors, has_next=more, has_previous=request.after is not None)
