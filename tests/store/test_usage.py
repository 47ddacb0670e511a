"""What an owner uses, and that nobody takes more room than there is, also not at the same moment."""

import asyncio

import pytest

from secretary.errors import RateLimited
from secretary.jobs import new_id
from secretary.migrations import migrate
from secretary.store import Room, Store
from tests.store.made import add, claim


async def create(store: Store, room: Room, count: int = 1, owner: str = "ursula") -> None:
    jobs = [{"id": new_id("job"), "job_type": "noop", "owner": owner, "parameters": {}} for _ in range(count)]
    await store.jobs.add(owner, jobs, room=room)


async def complete(store: Store, size: int) -> str:
    held, row = await claim(store)
    files = [{"name": "a.md", "media_type": "text/markdown", "size": size}]
    await store.claims.complete(held, {"files": files, "stored_bytes": size, "sequence": 9})
    return row.id


async def test_only_waiting_jobs_of_this_owner_count(store: Store) -> None:
    await add(store, count=3)
    await add(store, owner="otto", count=5)
    await claim(store)
    assert (await store.usage.pending_jobs("ursula"), await store.usage.pending_jobs("otto")) == (2, 5)


async def test_jobs_over_the_limit_are_refused_all_together(store: Store) -> None:
    room = Room(pending_jobs=5)
    await create(store, room, 4)
    with pytest.raises(RateLimited) as refusal:
        await create(store, room, 2)
    assert refusal.value.retry_after == 10
    assert refusal.value.message == (
        "4 jobs of this owner wait already, and 2 more would be over the 5 that may; try again when some have run."
    )
    assert await store.usage.pending_jobs("ursula") == 4
    await create(store, room)
    await create(store, room, 5, owner="otto")
    await claim(store)
    await create(store, room)


async def test_no_two_callers_take_the_same_room(store: Store) -> None:
    outcomes = await asyncio.gather(*(create(store, Room(pending_jobs=7)) for _ in range(12)), return_exceptions=True)
    assert [isinstance(outcome, RateLimited) for outcome in outcomes].count(True) == 5
    assert await store.usage.pending_jobs("ursula") == 7


async def test_what_jobs_produced_counts_until_they_are_deleted_or_run_anew(store: Store) -> None:
    await add(store, count=2)
    first, _ = await complete(store, 600), await complete(store, 500)
    room = Room(stored_bytes=1_000)
    assert await store.usage.stored_bytes("ursula") == 1_100
    with pytest.raises(RateLimited, match="delete jobs that are no longer needed") as refusal:
        await create(store, room)
    assert refusal.value.retry_after == 3_600
    await create(store, room, owner="otto")
    assert await store.gone.delete_job(first)
    assert await store.usage.stored_bytes("ursula") == 500
    await create(store, room)


async def test_no_limit_is_no_limit(store: Store) -> None:
    await create(store, Room(), 3)
    await complete(store, 10**12)
    await create(store, Room(), 3)


async def test_a_database_of_before_is_added_up(store: Store, database_url: str) -> None:
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import create_engine

    import secretary.migrations

    await add(store, count=2)
    await complete(store, 700)
    await store.close()
    engine = create_engine(database_url.replace("+aiosqlite", ""))
    with engine.connect() as connection:
        config = Config()
        config.set_main_option("script_location", secretary.migrations.__path__[0])
        config.attributes["connection"] = connection
        command.downgrade(config, "0004-1")
        connection.commit()
    engine.dispose()
    migrate(database_url)
    assert await store.usage.stored_bytes("ursula") == 700
