"""One running service for all examples: Valkey, web process and worker as real processes, and documents to send."""

import asyncio
import json
import os
import threading
import uuid
from asyncio.subprocess import DEVNULL, PIPE, create_subprocess_exec
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx
import pytest

from tests.conftest import free_port
from tests.cutting_proxy import CuttingProxy
from tests.documents_made import slow_pdf, text_pdf
from tests.installation import KEY, Installation

EXAMPLES = Path(__file__).parents[2] / "frontend-examples"
OPERATIONS = EXAMPLES / "operations"

Paper = Callable[..., Path]


class Said(NamedTuple):
    """What a program left behind."""

    status: int
    out: str
    err: str


async def ran(*command: str, folder: Path, **environment: str) -> Said:
    """The program, run to its end."""
    process = await create_subprocess_exec(
        *command, cwd=folder, env={**os.environ, **environment}, stdin=DEVNULL, stdout=PIPE, stderr=PIPE
    )
    try:
        out, err = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return Said(process.returncode or 0, out.decode(), err.decode())


def sequence_in(frame: str) -> list[int]:
    """The sequence of the state that a message of the service tells, if it tells one."""
    data = (json.loads(frame).get("payload") or {}).get("data") or {}
    return [data["jobProgress"]["sequence"]] if "jobProgress" in data else []


@contextmanager
def hosting(folder: Path, origin: str) -> Iterator[str]:
    """A static host of the folder's files."""

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", urlsplit(origin).port or 0), partial(Handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="package")
def frontend_origin() -> str:
    """Where a page may be served that the service knows."""
    return f"http://127.0.0.1:{free_port()}"


@pytest.fixture(scope="package")
def service_inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("inputs")


@pytest.fixture(scope="package")
def service(short_dir: Path, service_inputs: Path, frontend_origin: str) -> Iterator[Installation]:
    folder = short_dir / uuid.uuid4().hex[:8]
    folder.mkdir()
    made = Installation(
        folder,
        service_inputs,
        None,
        free_port(),
        SECRETARY_CORS_ORIGINS=frontend_origin,
        SECRETARY_ALLOW_PRIVATE_NETWORKS="true",
        # The examples send the recorded operations and nothing else.
        SECRETARY_TRUSTED_DOCUMENTS_ONLY="true",
    )
    try:
        made.start_valkey()
        made.start_worker()
        made.start_web()
        yield made
    finally:
        made.stop_all()


@pytest.fixture
def address(service: Installation) -> str:
    return f"http://127.0.0.1:{service.settings.port}"


@pytest.fixture
def paper(tmp_path: Path) -> Paper:
    """A PDF that no job has read before, so that no results are kept for it; `slowly` each page takes some 50 ms."""

    def written(
        name: str = "report.pdf",
        *,
        pages: int = 2,
        slowly: bool = False,
        folder: Path = tmp_path,
        password: str | None = None,
    ) -> Path:
        mark = uuid.uuid4().hex
        texts = [f"Page {number} of {mark}" for number in range(1, pages + 1)]
        if slowly:
            return slow_pdf(folder / name, *texts)
        return text_pdf(folder / name, *(f"{text}\nSome words follow here" for text in texts), password=password)

    return written


class RevocableKey(NamedTuple):
    """An API key and the id to revoke it by."""

    secret: str
    id: str


class Jobs:
    """What tests do beside the examples."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def sleep(self, seconds: float) -> str:
        """The id of a new job that takes so long and tells of it twenty times a second."""
        asked = {"job_type": "sleep", "parameters": {"seconds": seconds}}
        answer = await self._client.post("/api/jobs/", json=asked)
        return str(answer.raise_for_status().json()["data"]["job_id"])

    async def newest(self) -> dict[str, Any]:
        """The job created last."""
        answer = await self._client.get("/api/jobs", params={"limit": 1})
        return dict(answer.json()["data"]["jobs"][0])

    async def key(self) -> RevocableKey:
        """A new key of the admin's."""
        made = (await self.asked("create-api-key", input={}))["createApiKey"]
        return RevocableKey(made["secret"], made["apiKey"]["id"])

    async def revoke_once_cut(self, key: RevocableKey, proxy: CuttingProxy) -> None:
        """So that the key opens nothing when its client comes back."""
        while not proxy.cut:
            await asyncio.sleep(0.01)
        await self.asked("revoke-api-key", id=key.id)

    async def asked(self, operation: str, **variables: Any) -> dict[str, Any]:
        """What the recorded operation answers."""
        body = {"query": (OPERATIONS / f"{operation}.graphql").read_text(), "variables": variables}
        answer = (await self._client.post("/graphql", json=body)).json()
        assert "errors" not in answer
        return dict(answer["data"])

    async def total(self) -> int:
        return int((await self.asked("jobs"))["jobs"]["totalCount"])

    @asynccontextmanager
    async def creates(self, count: int) -> AsyncIterator[None]:
        """Holds the block to creating so many."""
        before = await self.total()
        yield
        assert await self.total() - before == count


@pytest.fixture
async def jobs(address: str) -> AsyncIterator[Jobs]:
    headers = {"Authorization": f"Bearer {KEY}"}
    async with httpx.AsyncClient(base_url=address, trust_env=False, headers=headers) as client:
        yield Jobs(client)
