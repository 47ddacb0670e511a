"""Rows read by their key the quick way are what SQLAlchemy's own way reads, and stay so whatever happens to the quick way."""

import sqlite3

import pytest
from sqlalchemy import select
from sqlalchemy.orm.exc import DetachedInstanceError

from secretary.models import JobRow
from secretary.store import Database, Store
from tests.store.made import add


async def added(store: Store) -> str:
    (job_id,) = await add(store, name="Bücher", parameters={"filename": "a.pdf", "context": {"n": [1, None]}})
    return job_id


async def test_a_row_has_every_column_that_a_session_reads(store: Store) -> None:
    job_id = await added(store)
    row = await store.jobs.get(job_id)
    async with store.database.read() as session:
        known = (await session.execute(select(JobRow).where(JobRow.id == job_id))).scalar_one()  # type: ignore[arg-type]
    assert row is not None
    assert row.model_dump() == known.model_dump()
    assert row.created_at.tzinfo is not None


async def test_what_was_left_out_cannot_be_taken_for_nothing(store: Store) -> None:
    row = await store.jobs.get(await added(store), results=False)
    assert row is not None
    with pytest.raises(DetachedInstanceError):
        _ = row.results


async def test_another_owners_job_is_not_there(store: Store) -> None:
    job_id = await added(store)
    assert await store.jobs.get(job_id, "otto") is None
    assert await store.jobs.get_many([job_id], "otto") == {}
    assert set(await store.jobs.get_many([job_id], "ursula")) == {job_id}


async def test_what_was_just_committed_is_read(store: Store) -> None:
    job_id = await added(store)
    first = await store.jobs.get(job_id)
    assert await store.moves.cancel(job_id)
    second = await store.jobs.get(job_id)
    assert (first and first.status.value, second and second.status.value) == ("pending", "cancelled")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_quick_way_of_sqlite_writes_nothing(store: Store) -> None:
    job_id = await added(store)
    assert store.database.reader is not None
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        store.database.reader.connection.execute("DELETE FROM job")
    assert await store.jobs.get(job_id) is not None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_broken_connection_of_the_quick_way_is_made_up_for_and_replaced(store: Store) -> None:
    job_id = await added(store)
    reader = store.database.reader
    assert reader is not None
    broken = reader.connection
    broken.close()
    row = await store.jobs.get(job_id)
    assert row is not None
    assert row.id == job_id
    assert reader.connection is not broken


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_nobody_has_changed_is_not_read_again_and_what_somebody_did_is(store: Store) -> None:
    job_id = await added(store)
    reader = store.database.reader
    assert reader is not None
    asked: list[str] = []
    reader.connection.set_trace_callback(asked.append)
    first, second = await store.jobs.get(job_id, results=False), await store.jobs.get(job_id, results=False)
    assert sum("FROM job" in text for text in asked) == 1
    assert first is not second
    elsewhere = Store(Database(str(store.database.engine.url)))
    await elsewhere.moves.cancel(job_id)
    await elsewhere.close()
    third = await store.jobs.get(job_id, results=False)
    assert (second and second.status.value, third and third.status.value) == ("pending", "cancelled")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_a_caller_does_to_a_row_is_not_what_the_next_one_gets(store: Store) -> None:
    job_id = await added(store)
    row = await store.jobs.get(job_id, results=False)
    assert row is not None
    row.percent = 77
    again = await store.jobs.get(job_id, results=False)
    assert again is not None
    assert again.percent == 0
