"""Webhooks end to end: real processes tell a real receiver, whatever is killed in between, and no job waits for it."""

import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook as Verifier

from tests.conftest import free_port
from tests.documents_made import text_pdf
from tests.installation import KEY, Installation, until
from tests.receiver import Answer, Receiver, receiving

SECRET = "whsec_c2VjcmV0IG9mIHRoZSB0ZXN0cw=="
DELIVERIES = (
    "query ($id: ID!) { job(id: $id) { webhookDeliveries { id phase status attempts { number statusCode error } } } }"
)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


@pytest.fixture
def service(short_dir: Path, tmp_path: Path) -> Iterator[Installation]:
    """Valkey without a file, and a web process; the tests start workers as they need them."""
    folder = short_dir / uuid.uuid4().hex[:8]
    folder.mkdir()
    settings = {"SECRETARY_ALLOW_PRIVATE_NETWORKS": "1", "SECRETARY_LEASE_SECONDS": "2"}
    made = Installation(folder, tmp_path, None, free_port(), **settings)
    made.start_valkey(append_only=False)
    made.start_web()
    yield made
    made.stop_all()


@pytest.fixture
def client(service: Installation) -> Iterator[httpx.Client]:
    base = f"http://127.0.0.1:{service.settings.port}"
    with httpx.Client(base_url=base, headers={"Authorization": f"Bearer {KEY}"}, trust_env=False, timeout=30) as opened:
        yield opened


def create(client: httpx.Client, job_type: str, webhook: dict[str, Any], **parameters: Any) -> str:
    body = {"job_type": job_type, "parameters": {**parameters, "webhook": webhook}}
    return str(client.post("/api/jobs/", json=body).raise_for_status().json()["data"]["job_id"])


def deliveries(client: httpx.Client, job_id: str) -> list[dict[str, Any]]:
    answer = client.post("/graphql", json={"query": DELIVERIES, "variables": {"id": job_id}}).json()
    found: list[dict[str, Any]] = answer["data"]["job"]["webhookDeliveries"]
    return found


def ended(client: httpx.Client, job_id: str) -> bool:
    return client.get(f"/api/jobs/{job_id}").json()["data"]["status"] in {"completed", "failed"}


def test_the_whole_way_of_a_pdf_job(
    service: Installation, client: httpx.Client, receiver: Receiver, tmp_path: Path
) -> None:
    text_pdf(tmp_path / "a.pdf", "Between us")
    service.start_worker()
    hook = {"url": receiver.url(), "token": "t-1", "secret": SECRET, "jobId": "order-7"}
    job_id = create(client, "pdf", hook, filename="a.pdf")
    [end] = receiver.wait()
    body = Verifier(SECRET).verify(end.raw, end.headers)
    assert (body["phase"], body["schema_version"], body["job"]) == ("completed", 1, {"id": "order-7"})
    assert body["process"] == {"id": job_id, "main_processor": "pdf"}
    assert "Between us" in body["data"]["extracted_text"]
    assert body["data"]["metadata"]["page_count"] == 1
    assert (end.headers["authorization"], end.headers["x-callback-token"]) == ("Bearer t-1", "t-1")
    assert receiver.calls[-1] is end
    for call in receiver.calls:
        Verifier(SECRET).verify(call.raw, call.headers)
    until(lambda: deliveries(client, job_id)[-1]["status"] == "DELIVERED", seconds=10, what="the answer is entered")
    log = (service.folder / "processes.log").read_text()
    assert "t-1" not in log
    assert SECRET not in log


def test_progress_comes_in_order_and_never_after_the_end(
    service: Installation, client: httpx.Client, receiver: Receiver
) -> None:
    service.start_worker()
    create(client, "sleep", {"url": receiver.url()}, seconds=2.6)
    receiver.wait()
    time.sleep(1.2)
    phases = [call.phase for call in receiver.calls]
    assert phases == ["processing"] * (len(phases) - 1) + ["completed"]
    assert len(phases) >= 2
    percents = [call.body["progress"] for call in receiver.calls[:-1]]
    assert percents == sorted(percents)


def test_a_receiver_that_hangs_takes_no_hand_from_the_jobs(
    service: Installation, client: httpx.Client, receiver: Receiver
) -> None:
    over = threading.Event()
    receiver.answer = lambda _: Answer(hold=over)
    service.start_worker(SECRETARY_WORKER_THREADS="1")
    jobs = [create(client, "noop", {"url": receiver.url(), "progress": False}) for _ in range(12)]
    until(lambda: all(ended(client, job_id) for job_id in jobs), seconds=40, what="all jobs end")
    assert all(call.phase == "completed" for call in receiver.calls)
    assert len(receiver.calls) <= 4, "no more at once for one host"
    over.set()


def test_a_worker_killed_while_it_sends_is_made_up_for_under_the_same_id(
    service: Installation, client: httpx.Client, receiver: Receiver
) -> None:
    over = threading.Event()
    receiver.answer = lambda _: Answer(hold=over if len(receiver.calls) == 1 else None)
    worker = service.start_worker()
    job_id = create(client, "noop", {"url": receiver.url(), "progress": False})
    receiver.wait()
    worker.kill()
    worker.wait()
    service.start_worker()
    first, second = receiver.wait(2)
    over.set()
    assert (first.id, first.raw) == (second.id, second.raw)
    until(lambda: deliveries(client, job_id)[0]["status"] == "DELIVERED", seconds=10, what="the answer is entered")
    [delivery] = deliveries(client, job_id)
    lost, arrived = delivery["attempts"]
    assert "fell silent" in lost["error"]
    assert (arrived["number"], arrived["statusCode"]) == (2, 204)


def test_a_valkey_that_forgets_everything_loses_no_delivery(
    service: Installation, client: httpx.Client, receiver: Receiver
) -> None:
    receiver.answer = lambda _: Answer(503 if len(receiver.calls) == 1 else 204)
    service.start_worker()
    job_id = create(client, "noop", {"url": receiver.url(), "progress": False})
    receiver.wait()
    service.kill_valkey()
    service.start_valkey(append_only=False)
    first, second = receiver.wait(2)
    assert first.id == second.id
    assert second.at - first.at > 4
    until(lambda: deliveries(client, job_id)[0]["status"] == "DELIVERED", seconds=10, what="the answer is entered")


def test_a_batch_that_two_workers_end_is_told_of_once(
    service: Installation, client: httpx.Client, receiver: Receiver
) -> None:
    for _ in range(2):
        service.start_worker()
    jobs = [{"job_type": "noop", "parameters": {}} for _ in range(30)]
    body = {"batch_name": "Monday", "webhook": {"url": receiver.url(), "secret": SECRET}, "jobs": jobs}
    created = client.post("/api/jobs/batch", json=body).raise_for_status().json()["data"]
    receiver.wait()
    cancelled = client.post(
        "/api/jobs/batch", json={**body, "jobs": [{"job_type": "sleep", "parameters": {}}] * 6}
    ).json()
    cancel = "mutation ($id: ID!) { cancelBatch(id: $id) { __typename } }"
    client.post("/graphql", json={"query": cancel, "variables": {"id": cancelled["data"]["batch_id"]}})
    first, second = receiver.wait(2)
    time.sleep(1.2)
    assert len(receiver.calls) == 2
    told = Verifier(SECRET).verify(first.raw, first.headers)
    assert (told["phase"], told["data"]["completed_count"]) == ("completed", 30)
    assert [job["job_id"] for job in told["data"]["jobs"]] == created["job_ids"]
    assert second.body["process"]["id"] == cancelled["data"]["batch_id"]
    assert (second.body["phase"], second.body["error"]["code"]) == ("error", "JOB_CANCELLED")


def test_a_job_that_is_deleted_before_it_was_told_of_is_not_told_of(
    service: Installation, client: httpx.Client, receiver: Receiver
) -> None:
    job_id = create(client, "noop", {"url": receiver.url()})
    client.delete(f"/api/jobs/{job_id}").raise_for_status()
    service.start_worker()
    create(client, "noop", {"url": receiver.url("/later"), "progress": False})
    receiver.wait()
    assert {call.path for call in receiver.calls} == {"/later"}
