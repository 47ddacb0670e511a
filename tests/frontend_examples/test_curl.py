"""`curl/jobs.sh`: each of its commands against the real service, over a line that is cut, and refused in the service's words."""

import asyncio
import base64
import json
import os
import pty
import re
import shutil
import subprocess
import uuid
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from tests.cutting_proxy import CuttingProxy
from tests.frontend_examples.conftest import EXAMPLES, Jobs, Paper, Said, ran
from tests.installation import KEY, Installation
from tests.missing import missing

SCRIPT = EXAMPLES / "curl" / "jobs.sh"
PROGRESS = re.compile(r"^(\d+) % ", re.MULTILINE)
JOB_ID = re.compile(r"job-[0-9a-f-]{36}\n")

Script = Callable[..., Awaitable[Said]]


@pytest.fixture
def script(address: str, tmp_path: Path) -> Script:
    """Runs it in a folder of its own, as `sh` does."""
    if shutil.which("curl") is None:
        missing("there is no curl")

    async def run(*words: str, url: str = address, key: str = KEY, **environment: str) -> Said:
        return await ran(
            "sh", str(SCRIPT), *words, folder=tmp_path, SECRETARY_URL=url, SECRETARY_API_KEY=key, **environment
        )

    return run


def percents(said: Said) -> list[int]:
    return [int(percent) for percent in PROGRESS.findall(said.err)]


async def created(script: Script, name: str, *parameters: str) -> str:
    said = await script("create", name, *parameters)
    assert (said.status, said.err) == (0, "")
    assert JOB_ID.fullmatch(said.out)
    return said.out.strip()


async def test_a_file_is_sent_followed_and_read_in_one_command(script: Script, paper: Paper) -> None:
    odd = paper('Bericht "ä"; Teil 1, \\2.pdf', pages=3)
    said = await script("send", odd.name, "page_end=2")
    assert said.status == 0, said.err
    assert re.fullmatch(r"Page 1 of \w+\nSome words follow here\n\nPage 2 of \w+\nSome words follow here\n", said.out)
    assert JOB_ID.match(said.err)
    assert said.err.endswith("100 % Completed\n")


async def test_a_job_is_created_followed_and_downloaded(
    script: Script, paper: Paper, service_inputs: Path, tmp_path: Path
):
    job_id = await created(script, paper(f"{uuid.uuid4()}.pdf", folder=service_inputs).name, "include_tables=false")
    followed = await script("stream", job_id)
    assert (followed.status, followed.out, percents(followed)[-1]) == (0, "", 100)
    shown = json.loads((await script("show", job_id)).out)
    assert (shown["status"], shown["parameters"]["include_tables"]) == ("completed", False)
    fetched = await script("download", job_id)
    assert (fetched.status, fetched.out) == (0, f"{job_id}.zip\n")
    names = zipfile.ZipFile(tmp_path / f"{job_id}.zip").namelist()
    assert [name for name in names if name.endswith(".md")]
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []


async def test_uploads_serve_as_names_in_a_batch(script: Script, paper: Paper, jobs: Jobs) -> None:
    sent = [(await script("upload", paper(f"{name}.pdf").name)).out.strip() for name in ("one", "two")]
    async with jobs.creates(2):
        said = await script("batch", 'Reports of "May" ä', *sent)
    assert said.out.startswith("batch-")
    polled = await script("poll", said.out.strip(), "0.2")
    assert (polled.status, polled.err.splitlines()[-1]) == (0, "completed")


async def test_the_same_idempotency_key_never_makes_a_second_job(
    script: Script, paper: Paper, service_inputs: Path, jobs: Jobs
) -> None:
    name, key = paper(f"{uuid.uuid4()}.pdf", folder=service_inputs).name, f"order {uuid.uuid4()}"
    async with jobs.creates(1):
        first, again = [await script("create", name, IDEMPOTENCY_KEY=key) for _ in range(2)]
    assert first == again
    other = await script("create", name, "page_end=1", IDEMPOTENCY_KEY=key)
    assert (other.status, other.out, other.err.partition(":")[0]) == (1, "", "IDEMPOTENCY_CONFLICT")


async def test_a_lost_connection_costs_nothing_and_tells_nothing_twice(
    script: Script, jobs: Jobs, service: Installation
) -> None:
    async with CuttingProxy(service.settings.port, 6, event=b"event: progress") as proxy:
        said = await script("stream", await jobs.sleep(3), url=f"http://127.0.0.1:{proxy.port}")
        assert (proxy.cut, proxy.connections) == (True, 2)
    assert said.status == 0, said.err
    assert said.err.count("The connection is lost; coming back in 1 s.\n") == 1
    assert percents(said) == sorted(percents(said))
    lines = [line for line in said.err.splitlines() if PROGRESS.match(line)]
    assert len(lines) == len(set(lines)) > 6
    assert lines[-1] == "100 % Completed"


async def test_a_job_that_fails_says_why(script: Script, paper: Paper) -> None:
    said = await script("send", paper(password="secret").name)
    assert (said.status, said.out) == (1, "")
    assert "ENCRYPTED_FILE: " in said.err
    polled = await script("poll", JOB_ID.findall(said.err)[0].strip())
    assert (polled.status, polled.err) == (1, "failed\n")


async def test_a_job_is_cancelled_and_run_again(script: Script, jobs: Jobs) -> None:
    job_id = await jobs.sleep(3)
    early = await script("download", job_id)
    assert early == (1, "", "The job has not ended yet.\n")
    assert (await script("cancel", job_id)).out == "failed\n"  # REST knows no other word
    followed = await script("stream", job_id)
    assert (followed.status, followed.err) == (1, "JOB_CANCELLED: The job was cancelled.\n")
    late = await script("download", job_id)
    assert (late.status, late.err.partition(":")[0]) == (1, "ARCHIVE_NOT_AVAILABLE")
    assert (await script("retry", job_id)).out == "pending\n"
    assert (await script("stream", job_id)).status == 0


async def test_refusals_are_told_in_the_services_words_and_nothing_is_created(
    script: Script, paper: Paper, jobs: Jobs
) -> None:
    there = paper().name
    refused = {
        ("create", "no-such.pdf"): "FILE_NOT_FOUND: there is no file no-such.pdf\n",
        ("send", there, "page_strat=1"): "INVALID_PARAMETERS: parameters.page_strat: unknown parameter",
        ("send", "no-such.pdf"): "no-such.pdf cannot be read.\n",
        ("upload", "no-such.pdf"): "no-such.pdf cannot be read.\n",
        ("batch", "Empty"): "EMPTY_BATCH: ",
        ("stream", "job-none"): "JOB_NOT_FOUND: ",
        ("poll", "batch-none"): "BATCH_NOT_FOUND: ",
        ("download", "job-none"): "JOB_NOT_FOUND: ",
    }
    async with jobs.creates(0):
        for words, sentence in refused.items():
            said = await script(*words)
            assert (said.status, said.out) == (1, ""), words
            assert said.err.startswith(sentence), (words, said.err)
        for words in (("send", there), ("upload", there), ("create", there), ("stream", "job-1"), ("show", "job-1")):
            said = await script(*words, key="sec_wrong")
            assert (said.status, said.out) == (1, "")
            assert said.err == "UNAUTHORIZED: This API key is not valid (any more).\n", words
    nobody = await script("stream", "job-1", url="http://127.0.0.1:1")
    assert (nobody.status, nobody.err.splitlines()[-1]) == (2, "http://127.0.0.1:1 does not answer.")


async def test_without_words_it_says_what_it_can(script: Script) -> None:
    said = await script()
    assert (said.status, said.err) == (0, "")
    wrong = await script("creat")
    assert (wrong.status, wrong.out, wrong.err) == (2, "", said.out)
    commands = set(re.findall(r"^sh jobs\.sh ([a-z|]+)", said.out, re.MULTILINE))
    assert commands == {
        "send",
        "upload",
        "create",
        "batch",
        "stream",
        "poll",
        "show",
        "text",
        "download",
        "cancel|retry",
        "receive",
    }


def test_the_key_is_asked_for_and_shown_nowhere(address: str, paper: Paper, tmp_path: Path) -> None:
    file = paper()
    environment = {name: value for name, value in os.environ.items() if name != "SECRETARY_API_KEY"}
    keyboard, terminal = pty.openpty()
    process = subprocess.Popen(
        ["sh", str(SCRIPT), "send", file.name],
        cwd=tmp_path,
        env={**environment, "SECRETARY_URL": address, "TERM": "xterm"},
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
    )
    os.close(terminal)
    shown = b""
    while b"API key: " not in shown:
        shown += os.read(keyboard, 1024)
    os.write(keyboard, KEY.encode() + b"\n")
    try:
        while True:
            shown += os.read(keyboard, 1024)
    except OSError:  # how Linux says that the other end is closed
        assert process.wait(30) == 0
    os.close(keyboard)
    assert KEY.encode() not in shown
    assert "[####################] 100 %  Completed" in shown.decode()
    assert "Some words follow here" in shown.decode()


class Listening:
    """`receive`, and what it has printed."""

    def __init__(self, process: asyncio.subprocess.Process, url: str) -> None:
        self._process = process
        self.url = url

    async def line(self) -> str:
        assert self._process.stdout is not None
        return (await asyncio.wait_for(self._process.stdout.readline(), 30)).decode().strip()


@asynccontextmanager
async def listening(**environment: str) -> AsyncIterator[Listening]:
    process = await asyncio.create_subprocess_exec(
        "sh", str(SCRIPT), "receive", "0", env={**os.environ, **environment}, stdout=asyncio.subprocess.PIPE
    )
    try:
        found = Listening(process, "")
        found.url = (await found.line()).removeprefix("Listening at ")
        yield found
    finally:
        process.kill()
        await process.wait()


async def test_webhooks_are_received_and_forged_ones_are_not(script: Script, paper: Paper) -> None:
    secret = "whsec_" + base64.b64encode(b"a secret of the tests, 32 bytes.").decode()
    uploaded = (await script("upload", paper().name)).out.strip()
    async with listening(WEBHOOK_SECRET=secret) as receiver, httpx.AsyncClient(trust_env=False) as forger:
        forged = {"phase": "completed", "process": {"id": "job-forged"}, "data": {}}
        for headers in ({}, {"webhook-id": "1", "webhook-timestamp": "1", "webhook-signature": "v1,AAAA ä"}):
            encoded = {name: value.encode() for name, value in headers.items()}
            assert (await forger.post(receiver.url, json=forged, headers=encoded)).status_code == 401
        webhook = {"url": receiver.url, "secret": secret, "progress": False}
        job_id = await created(script, uploaded, f"webhook={json.dumps(webhook)}")
        assert re.fullmatch(rf"{job_id} completed: .*extracted_text.*", await receiver.line())
    async with listening() as receiver:
        encrypted = (await script("upload", paper(password="secret").name)).out.strip()
        job_id = await created(script, encrypted, f"webhook={json.dumps({'url': receiver.url})}")
        while "%" in (line := await receiver.line()):
            assert line.startswith(f"{job_id} ")
        assert line.startswith(f"{job_id} ENCRYPTED_FILE: ")


def test_the_script_is_clean() -> None:
    program = shutil.which("shellcheck")
    if program is None:
        missing("there is no shellcheck")
    found = subprocess.run([program, "--shell=sh", str(SCRIPT)], capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout) == (0, "")
