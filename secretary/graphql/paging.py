"""Lists as pages: Relay's connections over the store's keyset pages."""

from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar

import strawberry

from secretary.errors import FieldError, InvalidParameters
from secretary.store import Cursor, InvalidCursor, Page, PageRequest
from secretary.store.paging import DEFAULT_PAGE, MAX_PAGE

Item = TypeVar("Item")
Row = TypeVar("Row")

LARGEST_NUMBER = 2**63 - 1
"""What a cursor that is a row's number can be at most."""

First = Annotated[int | None, strawberry.argument(description=f"How many from the start, 1 to {MAX_PAGE}.")]
Last = Annotated[
    int | None, strawberry.argument(description=f"How many from the end, 1 to {MAX_PAGE}; goes before first.")
]
After = Annotated[str | None, strawberry.argument(description="Only what comes after this cursor.")]
Before = Annotated[str | None, strawberry.argument(description="Only what comes before this cursor.")]


@strawberry.type(description="Where a page lies in its list.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether there is more after this page.")
    has_previous_page: bool = strawberry.field(description="Whether there is more before this page.")
    start_cursor: str | None = strawberry.field(description="Cursor of the first entry; null on an empty page.")
    end_cursor: str | None = strawberry.field(description="Cursor of the last entry; null on an empty page.")


@strawberry.type(description="One entry of a page and its place in the list.")
class Edge(Generic[Item]):
    cursor: str = strawberry.field(description="The entry's place, for `after` and `before`.")
    node: Item = strawberry.field(description="The entry.")


@strawberry.type(description="One page of a list.")
class Connection(Generic[Item]):
    edges: list[Edge[Item]] = strawberry.field(description="The entries with their cursors.")
    page_info: PageInfo = strawberry.field(description="Where this page lies in its list.")

    @strawberry.field(description="The entries without their cursors.")
    def nodes(self) -> list[Item]:
        return [edge.node for edge in self.edges]


def page_request(
    first: int | None, after: str | None, last: int | None, before: str | None, *, descending: bool = True
) -> PageRequest:
    """The page that the arguments of a list ask for; raises InvalidParameters that names the wrong one."""
    backward = last is not None and last is not strawberry.UNSET
    return PageRequest(
        size=size("last", last) if backward else size("first", first),
        after=_cursor("after", after),
        before=_cursor("before", before),
        backward=backward,
        descending=descending,
    )


def size(argument: str, value: int | None) -> int:
    """How many are wanted; raises InvalidParameters."""
    wanted = DEFAULT_PAGE if value is None else value
    if not 1 <= wanted <= MAX_PAGE:
        raise _wrong(argument, f"must be 1 to {MAX_PAGE}")
    return wanted


def number(argument: str, value: str | None, otherwise: int) -> int:
    """A cursor that is a row's number; raises InvalidParameters."""
    if not value:
        return otherwise
    if (
        not (value.isascii() and value.isdecimal())
        or len(value) > len(str(LARGEST_NUMBER))
        or int(value) > LARGEST_NUMBER
    ):
        raise _wrong(argument, "is not a cursor of this list")
    return int(value)


def edges_of(rows: Sequence[Row], place: Callable[[Row], str], node: Callable[[Row], Item]) -> list[Edge[Item]]:
    return [Edge(cursor=place(row), node=node(row)) for row in rows]


def edges_of_page(page: Page[Row], node: Callable[[Row], Item]) -> list[Edge[Item]]:
    return [Edge(cursor=place.encode(), node=node(row)) for row, place in zip(page.rows, page.cursors, strict=True)]


def page_info(edges: Sequence[Edge[Item]], *, has_next: bool, has_previous: bool) -> PageInfo:
    return PageInfo(
        has_next_page=has_next,
        has_previous_page=has_previous,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )


def piece_of(rows: Sequence[Row], limit: int) -> tuple[Sequence[Row], bool]:
    """Of rows asked for with one more than `limit`: those of the page, and whether there are more."""
    return rows[:limit], len(rows) > limit


def info_of(page: Page[Row], edges: Sequence[Edge[Item]]) -> PageInfo:
    return page_info(edges, has_next=page.has_next, has_previous=page.has_previous)


def _cursor(argument: str, text: str | None) -> Cursor | None:
    try:
        return Cursor.decode(text) if text else None
    except InvalidCursor:
        raise _wrong(argument, "is not a cursor of this list") from None


def _wrong(argument: str, message: str) -> InvalidParameters:
    return InvalidParameters(f"{argument}: {message}", fields=(FieldError((argument,), message),))
