"""How instants, byte counts and free-form JSON travel: the scalars that GraphQL itself does not have."""

from datetime import UTC, datetime
from typing import Any, Final, NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

from secretary.files import IncomingFile

Long = NewType("Long", int)
Upload = NewType("Upload", IncomingFile)


def _read_nothing(_value: object) -> Any:
    raise GraphQLError("This scalar is only given, never taken.")


def _sent(value: object) -> IncomingFile:
    if not isinstance(value, IncomingFile):
        raise GraphQLError("A file is sent as the GraphQL multipart request specification says.")
    return value


def _give_nothing(_value: object) -> Any:
    raise GraphQLError("This scalar is only taken, never given.")


def _instant(value: object) -> datetime:
    refusal = GraphQLError("An instant is written as 2026-01-31T09:30:00Z, with its zone.")
    if not isinstance(value, str):
        raise refusal
    try:
        instant = datetime.fromisoformat(value)
        # Also where its zone takes it out of the calendar, as with the first hours of the year 1 in the east.
        in_utc = instant.astimezone(UTC)
    except (ValueError, OverflowError):
        raise refusal from None
    if instant.tzinfo is None:
        raise refusal
    return in_utc


def _with_z(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"


SCALARS: Final[dict[object, ScalarDefinition]] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description="An instant as RFC 3339 writes it, in UTC with `Z`: 2026-01-31T09:30:00.123456Z.",
        specified_by_url="https://datatracker.ietf.org/doc/html/rfc3339",
        serialize=_with_z,
        parse_value=_instant,
    ),
    Upload: strawberry.scalar(
        name="Upload",
        description="A file in a multipart form, as the GraphQL multipart request specification has it.",
        specified_by_url="https://github.com/jaydenseric/graphql-multipart-request-spec",
        serialize=_give_nothing,
        parse_value=_sent,
    ),
    Long: strawberry.scalar(
        name="Long",
        description="A whole number that may need more than the 32 bits of Int; as JSON a number of up to 53 bits.",
        serialize=int,
        parse_value=_read_nothing,
    ),
}
