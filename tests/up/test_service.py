"""One running `secretary up`: what it promises while it runs, with each of its children killed in turn."""

import itertools
import json
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from tests.documents_made import text_pdf
from tests.up.started import Started, secretary, started, until


@pytest.fixture(scope="module")
def service() -> Iterator[Started]:
    with tempfile.TemporaryDirectory(prefix="sec-") as path:
        text_pdf(Path(path, "a letter.pdf"), "Dear reader")
        with started(Path(path)) as running:
            yield running


def test_it_is_ready_when_it_says_so(service: Started):
    assert service.is_ready()


def test_the_key_is_kept_for_its_owner_only(service: Started):
    key_file = service.data_dir / "api-key"
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(service.data_dir.stat().st_mode) == 0o700
    assert key_file.read_text() == f"{service.key}\n"
    assert f"  Key       {service.key}\n  Key file  {key_file}\n" in service.printed


def test_it_prints_where_graphiql_is(service: Started):
    page = httpx.get(f"{service.url}/graphql", headers={"Accept": "text/html"}, trust_env=False)
    assert f"GraphiQL  {service.url}/graphql\n" in service.printed
    assert page.status_code == 200
    assert "graphiql" in page.text.lower()


def test_it_prints_where_the_dashboard_is(service: Started):
    page = httpx.get(service.url, trust_env=False)
    assert f"  Dashboard {service.url}\n" in service.printed
    assert page.status_code == 200
    assert "<title>secretary</title>" in page.text


def test_the_printed_curl_line_does_a_job(service: Started):
    words = service.curl
    assert words[:2] == ["curl", f"{service.url}/api/jobs/"]
    headers = dict(word.split(": ", 1) for before, word in itertools.pairwise(words) if before == "-H")
    body = words[words.index("-d") + 1]
    created = httpx.post(words[1], headers=headers, content=body, trust_env=False)
    assert created.status_code == 200
    assert json.loads(body) == {"job_type": "pdf", "parameters": {"filename": "a letter.pdf"}}
    with service.client() as client:
        path = f"/api/jobs/{created.json()['data']['job_id']}"
        job = until(lambda: _ended(client, path), seconds=10, what="the job ends")
    assert job["status"] == "completed"
    assert job["results"]["structured_data"]["extracted_text"].strip() == "Dear reader"


def _ended(client: httpx.Client, path: str) -> dict | None:
    job = client.get(path).json()["data"]
    return job if job["status"] in {"completed", "failed"} else None


def test_nothing_is_told_without_the_key(service: Started):
    assert httpx.get(f"{service.url}/api/jobs", trust_env=False).status_code == 401


def test_answers_do_not_name_the_server(service: Started):
    assert "server" not in httpx.get(f"{service.url}/api/health/live", trust_env=False).headers


def test_a_second_one_with_the_same_folder_is_refused(service: Started):
    refused = secretary("up", "--port", "0", "--data-dir", service.data_dir, cwd=service.folder)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == (
        f"secretary: A service is already running at {service.url} (process {service.process.pid}) with the data folder "
        f"{service.data_dir}; use that one, stop it first, or choose another folder with --data-dir.\n"
    )
    assert service.is_ready()


def test_a_second_valkey_on_the_same_files_is_refused(service: Started):
    refused = secretary("valkey", "--data-dir", service.data_dir, cwd=service.folder)
    assert refused.returncode == 1
    assert "A private Valkey is already running on the data folder" in refused.stderr
    assert service.is_ready()


def test_a_port_in_use_is_told(service: Started):
    port = service.url.rpartition(":")[2]
    refused = secretary("up", "--port", port, "--data-dir", service.folder / "other", cwd=service.folder)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == (
        f"secretary: Port {port} on 127.0.0.1 is in use by another process; "
        "stop that one or choose another with --port (0 takes a free one).\n"
    )


def test_the_doctor_finds_it(service: Started):
    report = secretary("doctor", "--data-dir", service.data_dir, cwd=service.folder)
    assert report.returncode == 0
    assert f"{service.url} (process {service.process.pid}): ready, a worker is alive" in report.stdout


@pytest.mark.parametrize("name", ["web", "worker", "valkey"])
def test_a_killed_child_is_started_again(service: Started, name: str):
    before = service.children()
    assert sorted(before) == ["valkey", "web", "worker"]
    sandboxes = before[name].children()
    before[name].kill()
    after = until(lambda: _replaced(service, before[name], name), seconds=5, what=f"{name} is started again")
    until(service.is_ready, seconds=5, what="it is ready again")
    assert {other for other in before if after[other].pid == before[other].pid} == {"valkey", "web", "worker"} - {name}
    assert f"{name} (process {before[name].pid}) was killed by SIGKILL; it is started again in " in service.said()
    until(lambda: not any(child.is_running() for child in sandboxes), seconds=2, what="its own children are gone")


def _replaced(service: Started, killed: psutil.Process, name: str) -> dict[str, psutil.Process] | None:
    children = service.children()
    return children if name in children and children[name] != killed else None


def test_callers_wait_while_a_killed_web_process_is_started_again(service: Started):
    service.children()["web"].kill()
    began = time.monotonic()
    answer = httpx.get(f"{service.url}/api/health/live", trust_env=False, timeout=10)
    assert answer.status_code == 200
    assert time.monotonic() - began > 0.2


def test_jobs_created_while_valkey_is_away_are_done(service: Started):
    service.children()["valkey"].kill()
    with service.client() as client:
        body = {"job_type": "pdf", "parameters": {"filename": "a letter.pdf"}}
        path = f"/api/jobs/{client.post('/api/jobs/', json=body).json()['data']['job_id']}"
        job = until(lambda: _ended(client, path), seconds=10, what="the job ends")
    assert job["status"] == "completed"
