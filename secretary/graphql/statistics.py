"""Jobs per hour and how long they took, for charts."""

from datetime import datetime
from typing import Annotated, Final

import strawberry

from secretary import store
from secretary.errors import FieldError, InvalidParameters
from secretary.jobs import JobStatus

DEFAULT_HOURS: Final = 24
MOST_HOURS: Final = 168

Hours = Annotated[
    int, strawberry.argument(description=f"How many hours by the clock, the present one included; 1 to {MOST_HOURS}.")
]


def checked_hours(hours: int) -> int:
    """The number, if statistics are made of so many hours; raises InvalidParameters."""
    if not 1 <= hours <= MOST_HOURS:
        message = f"must be 1 to {MOST_HOURS}"
        raise InvalidParameters(f"hours: {message}", fields=(FieldError(("hours",), message),))
    return hours


@strawberry.type(description="What happened in one hour.")
class HourStatistics:
    start: datetime = strawberry.field(description="When it began: a whole hour in UTC.")
    created: int = strawberry.field(description="Jobs created in it.")
    completed: int = strawberry.field(description="Jobs that ended in it with results.")
    failed: int = strawberry.field(description="Jobs that ended in it with an error.")
    cancelled: int = strawberry.field(description="Jobs that were cancelled in it.")

    @classmethod
    def from_counts(cls, hour: store.HourCounts) -> "HourStatistics":
        return cls(
            start=hour.start,
            created=hour.created,
            completed=hour.ended[JobStatus.COMPLETED],
            failed=hour.ended[JobStatus.FAILED],
            cancelled=hour.ended[JobStatus.CANCELLED],
        )


@strawberry.type(description="How long the completed jobs of one type took, from the start of their last attempt.")
class DurationStatistics:
    job_type: str = strawberry.field(description="The job type.")
    count: int = strawberry.field(description="How many of these.")
    mean: float = strawberry.field(description="Seconds they took in the mean.")
    median: float = strawberry.field(description="Seconds that half of them took at most.")
    p95: float = strawberry.field(description="Seconds that 95 of 100 took at most.")

    @classmethod
    def from_durations(cls, found: store.Durations) -> "DurationStatistics":
        return cls(job_type=found.job_type, count=found.count, mean=found.mean, median=found.median, p95=found.p95)


@strawberry.type(description="The last hours in figures: of the viewer's own jobs, or of everybody's for an admin.")
class Statistics:
    hours: list[HourStatistics] = strawberry.field(description="Every hour, oldest first, also those without a job.")
    durations: list[DurationStatistics] = strawberry.field(
        description=f"By job type, of the newest {store.statistics.MOST_DURATIONS:,} jobs that completed in these hours."
    )

    @classmethod
    def from_store(cls, found: store.HoursAndDurations) -> "Statistics":
        return cls(
            hours=[HourStatistics.from_counts(hour) for hour in found.hours],
            durations=[DurationStatistics.from_durations(each) for each in found.durations],
        )
