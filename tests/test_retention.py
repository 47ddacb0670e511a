"""Retention end to end: what expired is gone from database and storage, answers 410, and comes back from nothing."""

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import text

from secretary.files import Storage
from secretary.resources import open_storage, pruner_of
from secretary.retention import Pruner
from secretary.settings import Settings
from secretary.store import Outcome, Store
from tests.rest.conftest import Caller, HandWorker, caller, pdf, worker

__all__ = ["caller", "pdf", "worker"]

PDF = {"file": ("report.pdf", b"%PDF-1.7\n")}


@pytest.fixture
def settings(settings: Settings, storage_url: str | None) -> Settings:
    return settings.model_copy(update={"storage_url": storage_url})


@pytest.fixture
def pruner(settings: Settings, store: Store) -> Pruner:
    return pruner_of(settings, store)


@pytest.fixture
def produced(settings: Settings) -> Storage:
    return open_storage(settings, "produced")


@pytest.fixture
def grow_old(store: Store) -> Callable[[], Awaitable[None]]:
    """Everything there is becomes years old."""

    async def grow() -> None:
        async with store.database.write() as session:
            for column in ("job SET completed_at", "batch SET created_at", "upload SET touched_at"):
                await session.execute(text(f"UPDATE {column} = '2020-01-01 00:00:00.000000' WHERE id <> ''"))

    return grow


async def test_an_expired_job_answers_410_everywhere_and_nothing_of_it_lies_anywhere(
    caller: Caller,
    worker: HandWorker,
    pruner: Pruner,
    produced: Storage,
    grow_old: Callable[[], Awaitable[None]],
    stranger_key: str,
):
    job_id = await caller.create()
    await worker.complete(await worker.claim(), files={"a.md": b"a"}, results={"target_dir": ""})
    assert len(produced.keys(job_id)) == 2
    assert (await pruner.step()).ids == []
    await grow_old()
    assert (await pruner.would_go()).jobs == [job_id]
    assert len(produced.keys(job_id)) == 2
    assert (await pruner.step()).jobs == [job_id]
    assert produced.keys() == []
    for path in ("", "/download-archive", "/files/a.md", "/stream"):
        answer = await caller.client.get(f"/api/jobs/{job_id}{path}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (410, "EXPIRED")
        other = await caller.client.get(
            f"/api/jobs/{job_id}{path}", headers={"Authorization": f"Bearer {stranger_key}"}
        )
        assert (other.status_code, other.json()["error"]["code"]) == (404, "JOB_NOT_FOUND")
    assert (await caller.client.get("/api/jobs/job-never-there")).status_code == 404
    assert (await caller.client.delete(f"/api/jobs/{job_id}")).status_code == 410


async def test_over_graphql_an_expired_job_is_null_and_cannot_be_changed(
    caller: Caller, pruner: Pruner, grow_old: Callable[[], Awaitable[None]]
):
    job_id = await caller.create()
    await caller.client.post(f"/api/jobs/{job_id}/cancel")
    await grow_old()
    await pruner.step()

    async def ask(query: str) -> dict[str, object]:
        answer = await caller.client.post("/graphql", json={"query": query})
        return dict(answer.json()["data"])

    assert await ask(f'{{ job(id: "{job_id}") {{ id }} }}') == {"job": None}
    change = "{ __typename ... on Error { code } }"
    expired = {"__typename": "NotFoundError", "code": "EXPIRED"}
    assert await ask(f'mutation {{ retryJob(id: "{job_id}") {change} }}') == {"retryJob": expired}


async def test_an_expired_upload_is_told_from_one_that_never_was(
    caller: Caller, pruner: Pruner, settings: Settings, grow_old: Callable[[], Awaitable[None]]
):
    uploads = open_storage(settings, "uploads")
    sent = (await caller.client.post("/api/files", files=PDF)).json()["data"]["file_id"]
    waiting = (await caller.client.post("/api/jobs/", files={"file": ("b.pdf", b"%PDF-2")})).json()["data"]["job_id"]
    await grow_old()
    assert (await pruner.step()).uploads == [sent]
    assert len(uploads.keys()) == 1
    for file_id, status, code in ((sent, 410, "EXPIRED"), (sent[:-2] + "zz", 404, "FILE_NOT_FOUND")):
        answer = await caller.client.post("/api/jobs/", json={"job_type": "pdf", "parameters": {"filename": file_id}})
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    await caller.client.post(f"/api/jobs/{waiting}/cancel")
    await grow_old()
    pruned = await pruner.step()
    assert (pruned.jobs, len(pruned.uploads), uploads.keys()) == ([waiting], 1, [])


async def test_a_deleted_job_is_as_if_it_had_never_been(
    caller: Caller, worker: HandWorker, produced: Storage, store: Store
):
    job_id = await caller.create()
    await worker.complete(await worker.claim(), files={"a.md": b"a"}, results={"target_dir": ""})
    assert (await caller.client.delete(f"/api/jobs/{job_id}")).status_code == 200
    assert (produced.keys(), await store.gone.unfinished(10)) == ([], [])
    assert (await caller.client.get(f"/api/jobs/{job_id}")).status_code == 404


async def test_what_a_process_that_died_left_is_finished_by_another(
    caller: Caller, worker: HandWorker, pruner: Pruner, produced: Storage, store: Store
):
    job_id = await caller.create()
    await worker.complete(await worker.claim(), files={"a.md": b"a"}, results={"target_dir": ""})
    assert await store.gone.delete_job(job_id)
    await pruner.step()
    assert len(produced.keys(job_id)) == 2
    async with store.database.write() as session:
        await session.execute(text("UPDATE gone SET gone_at = '2020-01-01 00:00:00.000000'"))
    await pruner.step()
    assert (produced.keys(), await store.gone.unfinished(10)) == ([], [])


async def test_days_of_nothing_keep_for_ever(
    settings: Settings, store: Store, caller: Caller, grow_old: Callable[[], Awaitable[None]]
):
    await caller.client.post("/api/files", files=PDF)
    await caller.client.post(f"/api/jobs/{await caller.create()}/cancel")
    await grow_old()
    keeping = settings.model_copy(update={"retention_days": 0.0, "upload_days": 0.0})
    assert (await pruner_of(keeping, store).step()).ids == []


async def test_deliveries_that_are_done_go_before_their_job(
    caller: Caller, worker: HandWorker, pruner: Pruner, store: Store
):
    webhook = {"url": "https://example.org/hook"}
    job_id = await caller.create(parameters={"filename": "a.pdf", "webhook": webhook})
    await worker.fail(await worker.claim(), "INVALID_FILE", "No document.")

    async def step_years_later() -> int:
        async with store.database.write() as session:
            await session.execute(text("UPDATE webhook_deliveries SET updated_at = '2020-01-01 00:00:00.000000'"))
        await pruner.step()
        return len((await store.delivery_log.of_targets([job_id]))[job_id])

    assert await step_years_later() == 1, "it is still to be told"
    claimed = await store.deliveries.claim("sender-by-hand")
    assert claimed is not None
    await store.deliveries.finish(*claimed, Outcome(0.1, 204))
    assert await step_years_later() == 0
    assert (await caller.job(job_id))["status"] == "failed"


@pytest.fixture
def stranger_key() -> str:
    from tests.conftest import OTHER_KEY

    return OTHER_KEY
