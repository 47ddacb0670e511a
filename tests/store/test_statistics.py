"""Jobs are counted in the hours in which they were created and ended, and their durations by type, for one owner or for all."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import event, update
from sqlmodel import col

from secretary.jobs import JobStatus
from secretary.models import JobRow
from secretary.store import Durations, Store
from tests.store.made import add


async def put(store: Store, *job_ids: str, **columns: Any) -> None:
    async with store.database.write() as session:
        await session.execute(update(JobRow).where(col(JobRow.id).in_(job_ids)).values(**columns))


async def took(store: Store, *seconds: float, ended: datetime, **columns: Any) -> None:
    """Completed jobs that took so long."""
    for each in seconds:
        [job_id] = await add(store, **columns)
        times = {"started_at": ended - timedelta(seconds=each), "completed_at": ended}
        await put(store, job_id, status=JobStatus.COMPLETED, **times)


def this_hour() -> datetime:
    return datetime.now(UTC).replace(minute=0, second=0, microsecond=0)


async def test_jobs_are_counted_in_the_hours_of_their_creation_and_of_their_end(store: Store) -> None:
    hour = this_hour()
    ids = await add(store, count=5)
    await put(store, *ids, created_at=hour - timedelta(hours=2))
    await put(store, ids[0], status=JobStatus.COMPLETED, completed_at=hour - timedelta(hours=2) + timedelta(minutes=59))
    await put(store, ids[1], status=JobStatus.FAILED, completed_at=hour - timedelta(hours=1))
    await put(store, ids[2], status=JobStatus.CANCELLED, completed_at=hour - timedelta(microseconds=1))
    await put(store, ids[3], status=JobStatus.CANCELLED, completed_at=hour - timedelta(hours=1, microseconds=1))
    found = (await store.statistics.of_hours(3)).hours
    none = {JobStatus.COMPLETED: 0, JobStatus.FAILED: 0, JobStatus.CANCELLED: 0}
    # The test may have run into the next hour.
    hour = found[-1].start
    assert [each.start for each in found] == [hour - timedelta(hours=back) for back in (2, 1, 0)]
    assert [each.created for each in found] == [5, 0, 0]
    assert [dict(each.ended) for each in found] == [
        {**none, JobStatus.COMPLETED: 1, JobStatus.CANCELLED: 1},
        {**none, JobStatus.FAILED: 1, JobStatus.CANCELLED: 1},
        none,
    ]


async def test_what_lies_before_the_first_hour_is_left_out(store: Store) -> None:
    before = this_hour() - timedelta(microseconds=1)
    [job_id] = await add(store)
    await put(store, job_id, created_at=before)
    await took(store, 5.0, ended=before)
    found = await store.statistics.of_hours(1)
    assert [(hour.created, sum(hour.ended.values())) for hour in found.hours] == [(1, 0)]
    assert list(found.durations) == []


async def test_durations_are_told_by_type(store: Store) -> None:
    now = datetime.now(UTC)
    await took(store, *range(1, 101), ended=now, job_type="hundred")
    await took(store, 0.25, 1.25, ended=now, job_type="two")
    await took(store, 7.5, ended=now, job_type="one")
    failed, _ = await add(store, count=2, job_type="other")
    await put(store, failed, status=JobStatus.FAILED, started_at=now - timedelta(seconds=9), completed_at=now)
    assert list((await store.statistics.of_hours(24)).durations) == [
        Durations("hundred", 100, 50.5, 50.5, 95.0),
        Durations("one", 1, 7.5, 7.5, 7.5),
        Durations("two", 2, 0.75, 0.75, 1.25),
    ]


async def test_an_owner_is_told_of_its_own_jobs_only(store: Store) -> None:
    now = datetime.now(UTC)
    await took(store, 1.0, ended=now, owner="ursula")
    await took(store, 3.0, 3.0, ended=now, owner="otto")
    for owner, jobs, mean in (("ursula", 1, 1.0), ("otto", 2, 3.0), ("olga", 0, None), (None, 3, 7 / 3)):
        found = await store.statistics.of_hours(2, owner)
        assert sum(hour.created for hour in found.hours) == jobs
        assert sum(hour.ended[JobStatus.COMPLETED] for hour in found.hours) == jobs
        assert [(each.count, round(each.mean, 9)) for each in found.durations] == (
            [(jobs, round(mean, 9))] if mean else []
        )


async def test_no_row_is_read_for_them_only_indexes(store: Store) -> None:
    """SQLite says so of each statement; PostgreSQL decides by what lies in its tables."""
    if not store.database.is_sqlite:
        return
    seen: list[tuple[str, Any]] = []
    engine = store.database.engine.sync_engine
    event.listen(
        engine, "before_cursor_execute", lambda _c, _u, statement, values, *_: seen.append((statement, values))
    )
    for owner in (None, "ursula"):
        await store.statistics.of_hours(24, owner)
    selects = [(statement, values) for statement, values in seen if "FROM job" in statement]
    assert len(selects) == 4
    async with store.database.read() as session:
        connection = await session.connection()
        for statement, values in selects:
            rows = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            plan = [str(row[3]) for row in rows.all() if " job " in str(row[3])]
            assert len(plan) == (4 if "hour" in statement else 1)
            for line in plan:
                assert re.match(
                    r"SEARCH job USING COVERING INDEX \w+ \((owner=\? AND )?(created|completed)_at>\?", line
                )
