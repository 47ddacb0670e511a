"""`react/`: checked, built and served from another origin than the service, and as `npm run dev` serves it; in a real Chromium, over a
line that is cut as well."""

import asyncio
import os
import shutil
from asyncio.subprocess import DEVNULL, PIPE, STDOUT
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser import Watched, chromium, watched
from tests.conftest import free_port
from tests.cutting_proxy import CuttingProxy
from tests.frontend_examples.conftest import (
    EXAMPLES,
    Jobs,
    Paper,
    Said,
    hosting,
    ran,
    sequence_in,
)
from tests.installation import KEY, Installation
from tests.missing import missing
from tests.node import is_installed

APP = EXAMPLES / "react"
WRONG_KEY = "This API key is not valid (any more)."

Build = Callable[[str], Awaitable[Path]]


@pytest.fixture
def packages() -> None:
    if shutil.which("npm") is None or not is_installed(APP):
        missing("node or the packages of react/ are not there")


@pytest.fixture
async def build(packages: None, tmp_path: Path) -> Build:
    """Builds the app for a service at the address."""

    async def built(service: str) -> Path:
        vite = APP / "node_modules" / "vite" / "bin" / "vite.js"
        command = ["node", str(vite), "build", "--outDir", str(tmp_path / "site"), "--emptyOutDir"]
        said = await ran(*command, folder=APP, VITE_SECRETARY_URL=service)
        assert said.status == 0, said.err
        return tmp_path / "site"

    return built


@asynccontextmanager
async def opened(folder: Path, origin: str) -> AsyncIterator[Watched]:
    with hosting(folder, origin) as host:
        async with chromium() as browser, watched(browser) as seen:
            await seen.page.goto(host)
            yield seen


async def enter(page: Page, key: str = KEY) -> None:
    await page.get_by_label("API key").fill(key)
    await page.get_by_role("button", name="Open").click()


async def send(page: Page, *files: Path) -> list[Locator]:
    """Chooses the files; where each one's job is shown."""
    await page.get_by_label("Drop PDFs here").set_input_files(files)
    return [page.get_by_role("article", name=file.name, exact=True) for file in files]


async def npm(*words: str) -> Said:
    return await ran("npm", "run", "--silent", *words, folder=APP)


async def test_it_is_typed_and_its_types_are_those_of_the_schema_and_the_operations(
    packages: None, tmp_path: Path
) -> None:
    assert await npm("check") == (0, "", "")
    fresh = tmp_path / "generated.ts"
    assert (await npm("generate", "--", str(fresh))).status == 0
    assert fresh.read_text() == (APP / "src" / "generated.ts").read_text(), "write it anew: npm run generate"


async def test_files_are_sent_and_followed_side_by_side(
    build: Build, address: str, frontend_origin: str, paper: Paper, jobs: Jobs, tmp_path: Path
) -> None:
    picture = tmp_path / "picture.pdf"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x01")
    async with opened(await build(address), frontend_origin) as seen, jobs.creates(3):
        page = seen.page
        await enter(page, "sec_wrong")
        await expect(page.get_by_role("alert")).to_have_text(WRONG_KEY)
        await enter(page)
        files = [paper("Bericht ä.pdf"), paper("long.pdf", pages=60, slowly=True)]
        short, long, locked, refused = await send(page, *files, paper("locked.pdf", password="secret"), picture)
        await expect(long.get_by_role("status")).to_contain_text("Page ")
        await expect(refused.get_by_role("alert")).to_have_text(
            "picture.pdf is neither a PDF nor text; send one of these."
        )
        await expect(locked.get_by_role("alert")).to_contain_text("ENCRYPTED_FILE: ")
        for one in (short, long):
            await expect(one.get_by_role("status")).to_have_text("Completed")
            assert await one.get_by_role("progressbar").evaluate("(bar) => bar.value") == 100
        await short.get_by_text("Text").click()
        await expect(short.locator("pre")).to_contain_text("Page 2 of ")
        async with page.expect_download() as download:
            await short.get_by_role("button", name="Download").click()
        assert (await (await download.value).path()).read_bytes()[:2] == b"PK"
        await expect(page.get_by_role("button", name="Cancel")).to_have_count(0)
        await page.set_viewport_size({"width": 360, "height": 700})
        assert await page.evaluate("document.documentElement.scrollWidth") == 360
        if folder := os.environ.get("SCREENSHOTS"):
            await page.screenshot(path=Path(folder) / "react.png")
        assert seen.hosts() == {urlsplit(frontend_origin).netloc, urlsplit(address).netloc}
        assert await page.evaluate("[sessionStorage.length, localStorage.length, document.cookie]") == [0, 0, ""]
        # The browser's own words for the two answers that were refusals, and nothing else.
        assert {said.partition("status of ")[2] for said in seen.complaints} == {
            "401 (Unauthorized)",
            "415 (Unsupported Media Type)",
        }


async def test_a_page_whose_origin_is_not_named_is_told_what_to_set(build: Build, address: str) -> None:
    async with opened(await build(address), "http://127.0.0.1:0") as seen:
        await enter(seen.page)
        await expect(seen.page.get_by_role("alert")).to_contain_text("its setting SECRETARY_CORS_ORIGINS must name it")


async def test_a_lost_connection_is_told_and_taken_up_again(
    build: Build, service: Installation, frontend_origin: str, paper: Paper, jobs: Jobs
) -> None:
    async with CuttingProxy(service.settings.port, 6) as proxy, jobs.creates(1):
        site = await build(f"http://127.0.0.1:{proxy.port}")
        async with opened(site, frontend_origin) as seen:
            page, sequences = seen.page, []
            page.on(
                "websocket",
                lambda socket: socket.on("framereceived", lambda frame: sequences.extend(sequence_in(frame))),
            )
            await enter(page)
            (shown,) = await send(page, paper(pages=60, slowly=True))
            lost = page.get_by_text("The connection is lost")
            await expect(lost).to_be_visible()
            assert 0 < await shown.get_by_role("progressbar").evaluate("(bar) => bar.value") < 100
            await expect(shown.get_by_role("status")).to_have_text("Completed")
            await expect(lost).to_have_count(0)
            assert proxy.cut
            # Taken up after what was seen: no state is told twice.
            assert sequences == sorted(set(sequences))


async def test_a_line_that_died_without_a_word_is_noticed(
    build: Build, service: Installation, frontend_origin: str, paper: Paper, jobs: Jobs
) -> None:
    async with CuttingProxy(service.settings.port, 6, silently=True) as proxy, jobs.creates(1):
        site = await build(f"http://127.0.0.1:{proxy.port}")
        async with opened(site, frontend_origin) as seen:
            page = seen.page
            await page.clock.install()
            await enter(page)
            (shown,) = await send(page, paper(pages=60, slowly=True))
            while not proxy.cut:
                await asyncio.sleep(0.01)
            await page.clock.fast_forward(20_000)
            await page.clock.fast_forward(5_000)
            await expect(page.get_by_text("The connection is lost")).to_be_visible()
            await page.clock.fast_forward(1_000)
            await expect(shown.get_by_role("status")).to_have_text("Completed")


async def test_a_key_that_was_revoked_meanwhile_is_told_and_not_tried_again(
    build: Build, service: Installation, frontend_origin: str, paper: Paper, jobs: Jobs
) -> None:
    key, file = await jobs.key(), paper(pages=200, slowly=True)
    async with CuttingProxy(service.settings.port, 6) as proxy, asyncio.TaskGroup() as both:
        both.create_task(jobs.revoke_once_cut(key, proxy))
        site = await build(f"http://127.0.0.1:{proxy.port}")
        async with opened(site, frontend_origin) as seen:
            await enter(seen.page, key.secret)
            (shown,) = await send(seen.page, file)
            await expect(shown.get_by_role("alert")).to_have_text(WRONG_KEY)
            assert len([address for address in seen.asked if address.startswith("ws:")]) == 2


async def test_a_job_is_cancelled(build: Build, address: str, frontend_origin: str, paper: Paper, jobs: Jobs) -> None:
    async with opened(await build(address), frontend_origin) as seen:
        await enter(seen.page)
        (shown,) = await send(seen.page, paper(pages=200, slowly=True))
        await expect(shown.get_by_role("status")).to_contain_text("Page ")
        await shown.get_by_role("button", name="Cancel").click()
        await expect(shown.get_by_role("alert")).to_have_text("JOB_CANCELLED: The job was cancelled.")
        await expect(shown.get_by_role("button")).to_have_count(0)
        assert (await jobs.newest())["error"]["code"] == "JOB_CANCELLED"
        assert seen.complaints == []


@asynccontextmanager
async def developing(service: str) -> AsyncIterator[str]:
    """`npm run dev`, and where it serves."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        *("node", "node_modules/vite/bin/vite.js", "--host", "127.0.0.1", "--port", str(port), "--strictPort"),
        cwd=APP,
        env={**os.environ, "SECRETARY_URL": service, "NO_COLOR": "1"},
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=STDOUT,
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(60):
            while b"Local:" not in (line := await process.stdout.readline()):
                assert line, "vite ended"
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        await process.wait()


async def test_in_development_the_service_needs_no_setting_for_it(packages: None, address: str, paper: Paper) -> None:
    # Its origin is none that the service knows: all goes through Vite, sockets as well.
    async with developing(address) as origin, chromium() as browser, watched(browser) as seen:
        page = seen.page
        await page.goto(origin)
        await enter(page)
        (shown,) = await send(page, paper())
        await expect(shown.get_by_role("status")).to_have_text("Completed")
        assert seen.hosts() == {urlsplit(origin).netloc}
        assert seen.complaints == []
