"""One running service with a real worker, and one Chromium that looks at its dashboard, for all tests of this folder."""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.browser import FLAGS
from tests.conftest import free_port
from tests.documents_made import text_pdf
from tests.installation import KEY, Installation
from tests.missing import missing

SECONDS = 30
# On a busy machine the page takes its time.
expect.set_options(timeout=SECONDS * 1000)


class Caller:
    """Another caller with the same key: what the page shows, it did not always start itself."""

    def __init__(self, base: str) -> None:
        self.base = base
        self._client = httpx.Client(
            base_url=base, headers={"Authorization": f"Bearer {KEY}"}, trust_env=False, timeout=30
        )

    @property
    def key(self) -> str:
        return KEY

    def ask(self, query: str, **variables: Any) -> Any:
        answer = self._client.post("/graphql", json={"query": query, "variables": variables}).json()
        assert "errors" not in answer, answer
        return answer["data"]

    def create(self, name: str, job_type: str = "noop", **parameters: Any) -> str:
        job = {"custom": {"jobType": job_type, "parameters": parameters}}
        created = self.ask(
            "mutation ($input: CreateJobInput!) { createJob(input: $input) { ... on CreateJobPayload { job { id } } } }",
            input={"job": job, "name": name},
        )
        return str(created["createJob"]["job"]["id"])

    def create_batch(self, name: str | None, count: int, job_type: str = "noop", **parameters: Any) -> str:
        job = {"custom": {"jobType": job_type, "parameters": parameters}}
        jobs = [{"job": job, "name": f"{name} {index}"} for index in range(count)]
        created = self.ask(
            "mutation ($input: CreateBatchInput!)"
            " { createBatch(input: $input) { ... on CreateBatchPayload { batch { id } } } }",
            input={"name": name, "jobs": jobs},
        )
        return str(created["createBatch"]["batch"]["id"])

    def status(self, job_id: str) -> str | None:
        job = self.ask("query ($id: ID!) { job(id: $id) { status } }", id=job_id)["job"]
        return job and str(job["status"])

    def delete(self, job_id: str) -> None:
        self.ask("mutation ($id: ID!) { deleteJob(id: $id) { __typename } }", id=job_id)


class Dashboard:
    """A page of the dashboard, every address it asked for, and whatever it complained of."""

    def __init__(self, page: Page, base: str) -> None:
        self.page = page
        self.base = base
        self.asked: list[str] = []
        self.complaints: list[str] = []
        page.context.on("request", lambda request: self.asked.append(request.url))
        page.on("websocket", lambda socket: self.asked.append(socket.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self._hear(said.type, said.text))

    def _hear(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.complaints.append(text)

    def hosts(self) -> set[str]:
        return {urlsplit(address).netloc for address in self.asked if not address.startswith(("data:", "blob:"))}

    def open(self, route: str = "/") -> None:
        self.page.goto(f"{self.base}/#{route}")

    def sign_in(self, key: str = KEY, *, keep: bool = False) -> None:
        self.page.get_by_label("API key").fill(key)
        if keep:
            self.page.get_by_label("Keep me signed in").check()
        self.page.get_by_role("button", name="Sign in").click()

    def job(self, name: str) -> Locator:
        """The line of a job in a list."""
        return self.page.locator(".job").filter(has=self.page.get_by_role("link", name=name, exact=True))

    def picture(self, name: str) -> None:
        if folder := os.environ.get("SCREENSHOTS"):
            self.page.screenshot(path=Path(folder) / f"{name}.png")


@pytest.fixture(scope="package")
def shared_inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("inputs")


@pytest.fixture(scope="package")
def service(short_dir: Path, shared_inputs: Path) -> Iterator[Installation]:
    folder = short_dir / uuid.uuid4().hex[:8]
    folder.mkdir()
    made = Installation(folder, shared_inputs, None, free_port(), SECRETARY_RETRY_SECONDS="0.1")
    try:
        made.start_valkey()
        made.start_worker()
        made.start_web()
        yield made
    finally:
        made.stop_all()


@pytest.fixture(scope="package")
def caller(service: Installation) -> Caller:
    return Caller(f"http://127.0.0.1:{service.settings.port}")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        missing("there is no Chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield opened
        opened.close()


Open = Callable[..., Dashboard]


@pytest.fixture
def opened(chromium: Browser, caller: Caller) -> Iterator[Open]:
    """Opens pages of a size and colour scheme, and holds each to what every page of the dashboard must keep to."""
    pages: list[Dashboard] = []

    def open_page(width: int = 1280, height: int = 800, base: str = caller.base, **options: Any) -> Dashboard:
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        page = context.new_page()
        page.set_default_timeout(SECONDS * 1000)
        pages.append(Dashboard(page, base))
        return pages[-1]

    yield open_page
    for each in pages:
        each.page.context.close()
        assert each.hosts() <= {urlsplit(each.base).netloc}
        assert each.complaints == []


@pytest.fixture
def dashboard(opened: Open) -> Dashboard:
    """A page, signed in, that shows the jobs."""
    found = opened()
    found.open()
    found.sign_in()
    expect(found.page.locator(".connection-sign")).to_have_text("Live")
    return found


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    return text_pdf(tmp_path / f"letter-{uuid.uuid4().hex[:6]}.pdf", f"Dear reader {uuid.uuid4()}")


def new_name(word: str) -> str:
    """A name that no other test has."""
    return f"{word}-{uuid.uuid4().hex[:6]}"
