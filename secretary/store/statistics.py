"""Jobs counted by the hour, and how long they took: added up by the database, over indexes that hold all that is added up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, ScalarSelect, Select, case, func, literal, select, union_all
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import Float
from sqlmodel import col

from secretary.jobs import JobStatus
from secretary.models import JobRow, UtcDateTime
from secretary.store.database import Database, after_now

_HOUR: Final = timedelta(hours=1)
_ENDED: Final = (JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED)
_LIKELY_LONGEST: Final = 95

MOST_DURATIONS: Final = 10_000
"""So many jobs say how long jobs take; to sort more costs more than it tells."""


@dataclass(frozen=True, slots=True)
class HourCounts:
    """One hour, by the clock in UTC: the jobs created in it, and those that ended in it."""

    start: datetime
    created: int
    ended: Mapping[JobStatus, int]


@dataclass(frozen=True, slots=True)
class Durations:
    """How long the completed jobs of one type took, in seconds."""

    job_type: str
    count: int
    mean: float
    median: float
    p95: float


@dataclass(frozen=True, slots=True)
class HoursAndDurations:
    """The hours from the first to the present one, without gaps, and the durations of the newest that completed in them."""

    hours: Sequence[HourCounts]
    durations: Sequence[Durations]


class seconds_from(FunctionElement[float]):  # noqa: N801
    """The seconds from one instant to another."""

    type = Float()
    inherit_cache = True
    name = "seconds_from"


@compiles(seconds_from, "sqlite")  # type: ignore[no-untyped-call,untyped-decorator,unused-ignore]
def _sqlite_seconds(element: seconds_from, compiler: SQLCompiler, **kwargs: Any) -> str:
    start, end = (compiler.process(clause, **kwargs) for clause in element.clauses)
    # Days as SQLite counts them have room for some hundredths of a millisecond; its clock knows whole ones.
    return f"round((julianday({end}) - julianday({start})) * 86400.0, 3)"


@compiles(seconds_from, "postgresql")  # type: ignore[no-untyped-call,untyped-decorator,unused-ignore]
def _postgresql_seconds(element: seconds_from, compiler: SQLCompiler, **kwargs: Any) -> str:
    start, end = (compiler.process(clause, **kwargs) for clause in element.clauses)
    return f"CAST(extract(epoch FROM ({end} - {start})) AS double precision)"


class Statistics:
    """What the jobs table says of the last hours."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_hours(self, hours: int, owner: str | None = None) -> HoursAndDurations:
        """Of the last `hours` hours by the clock, the present one included; of this owner's jobs, or of all. Three statements."""
        async with self._database.read() as session:
            now = (await session.execute(select(after_now()))).scalar_one()
            first = now.replace(minute=0, second=0, microsecond=0) - (hours - 1) * _HOUR
            starts = [first + index * _HOUR for index in range(hours)]
            counts = [tuple(row) for row in (await session.execute(_counts(starts, owner))).all()]
            durations = [Durations(*row) for row in (await session.execute(_durations(first, owner))).all()]
        by_start = {start: (created, ended) for start, created, *ended in counts}
        counted = [
            HourCounts(start, by_start[start][0], dict(zip(_ENDED, by_start[start][1], strict=True)))
            for start in starts
        ]
        return HoursAndDurations(counted, durations)


def _counts(starts: Sequence[datetime], owner: str | None) -> Select[Any]:
    """A row for each hour with its four counts, each a stretch of an index: nothing is sorted or grouped."""
    columns = (("start", timedelta()), ("behind", _HOUR))
    hour = union_all(
        *(select(*(literal(start + more, UtcDateTime()).label(name) for name, more in columns)) for start in starts)
    ).subquery("hour")

    def count(instant: Any, *wanted: ColumnElement[bool]) -> ScalarSelect[int]:
        within = (col(instant) >= hour.c.start, col(instant) < hour.c.behind)
        return select(func.count()).select_from(JobRow).where(*within, *wanted).correlate(hour).scalar_subquery()

    created = count(JobRow.created_at, *([] if owner is None else [col(JobRow.owner) == owner]))
    ended = [count(JobRow.completed_at, col(JobRow.status) == status, *_of(owner)) for status in _ENDED]
    return select(hour.c.start, created, *ended)


def _durations(first: datetime, owner: str | None) -> Select[Any]:
    seconds = seconds_from(col(JobRow.started_at), col(JobRow.completed_at))
    wanted = [col(JobRow.completed_at) >= first, col(JobRow.status) == JobStatus.COMPLETED, *_of(owner)]
    took = (
        select(col(JobRow.job_type).label("job_type"), seconds.label("seconds"))
        .where(*wanted, col(JobRow.started_at).is_not(None))
        .order_by(col(JobRow.completed_at).desc())
        .limit(MOST_DURATIONS)
        .subquery()
    )
    kind = took.c.job_type
    place = func.row_number().over(partition_by=kind, order_by=took.c.seconds).label("place")
    of = func.count().over(partition_by=kind).label("of")
    ranked = select(kind, took.c.seconds, place, of).subquery()
    # The mean of the two in the middle, which are one and the same where the number is odd.
    middle = ranked.c.place.in_(((ranked.c.of + 1) // 2, (ranked.c.of + 2) // 2))
    return (
        select(
            ranked.c.job_type,
            func.count(),
            func.avg(ranked.c.seconds),
            func.avg(case((middle, ranked.c.seconds))),
            func.max(case((ranked.c.place == (ranked.c.of * _LIKELY_LONGEST + 99) // 100, ranked.c.seconds))),
        )
        .group_by(ranked.c.job_type)
        .order_by(ranked.c.job_type)
    )


def _of(owner: str | None) -> list[ColumnElement[bool]]:
    # Written so that no database takes the index by owner, which does not hold what is asked for and leads to all its jobs ever.
    return [] if owner is None else [func.coalesce(col(JobRow.owner), "") == owner]
