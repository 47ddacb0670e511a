"""`vanilla/index.html` in a real Chromium, served from another origin than the service: a file sent and followed to its text, over a line
that is cut as well, and refusals shown to the reader."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser import Watched, chromium, watched
from tests.cutting_proxy import CuttingProxy
from tests.frontend_examples.conftest import EXAMPLES, Jobs, Paper, hosting, sequence_in
from tests.installation import KEY, Installation

# What the browser itself writes of an answer with such a status.
REFUSED_KEY = "Failed to load resource: the server responded with a status of 401 (Unauthorized)"


@pytest.fixture
def host(frontend_origin: str) -> Iterator[str]:
    with hosting(EXAMPLES / "vanilla", frontend_origin) as address:
        yield address


@pytest.fixture
async def seen(host: str) -> AsyncIterator[Watched]:
    async with chromium() as browser, watched(browser) as page:
        await page.page.goto(host)
        yield page


async def start(page: Page, service: str, *, key: str = KEY, file: Path | None = None, name: str = "") -> Locator:
    """Fills the form and sends it; where its job is shown."""
    await page.get_by_label("Service").fill(service)
    await page.get_by_label("API key").fill(key)
    await page.get_by_label("PDF", exact=True).set_input_files([] if file is None else [file])
    await page.get_by_label("its name on the server").fill(name)
    await page.get_by_role("button", name="Start").click()
    return page.locator("article").first


async def test_a_file_is_sent_followed_and_read(
    seen: Watched, address: str, host: str, paper: Paper, service_inputs: Path, jobs: Jobs
) -> None:
    page = seen.page
    async with jobs.creates(2):
        shown = await start(page, address, file=paper("Bericht ä.pdf"))
        await expect(shown.locator("strong")).to_have_text("Bericht ä.pdf")
        await expect(shown.get_by_role("status")).to_have_text("Completed")
        await expect(shown.locator("pre")).to_contain_text("Some words follow here")
        there = paper("there.pdf", folder=service_inputs)
        shown = await start(page, f"{address}/", name=there.name)
        await expect(shown.locator("pre")).to_contain_text("Page 2 of ")
    await expect(page.locator("article")).to_have_count(2)
    await expect(page.get_by_role("button", name="Cancel")).to_have_count(0)
    await page.set_viewport_size({"width": 360, "height": 700})
    assert await page.evaluate("document.documentElement.scrollWidth") == 360
    if folder := os.environ.get("SCREENSHOTS"):
        await page.screenshot(path=Path(folder) / "vanilla.png")
    assert seen.hosts() == {urlsplit(host).netloc, urlsplit(address).netloc}
    assert await page.evaluate("[sessionStorage.length, localStorage.length, document.cookie]") == [0, 0, ""]
    assert seen.complaints == []


async def test_a_lost_connection_is_told_and_taken_up_again(
    seen: Watched, service: Installation, paper: Paper, jobs: Jobs
) -> None:
    page, sequences = seen.page, []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: sequences.extend(sequence_in(frame))))
    file = paper(pages=60, slowly=True)
    async with CuttingProxy(service.settings.port, 6) as proxy, jobs.creates(1):
        shown = await start(page, f"http://127.0.0.1:{proxy.port}", file=file)
        lost = page.locator("#connection")
        await expect(lost).to_have_text("The connection is lost; coming back in 1 s.")
        before = await shown.locator("progress").evaluate("(bar) => bar.value")
        await expect(shown.locator("pre")).to_contain_text("Page 60 of ")
        await expect(lost).to_have_text("")
        assert proxy.cut
    assert 0 < before < 100
    assert await shown.locator("progress").evaluate("(bar) => bar.value") == 100
    # Taken up after what was seen: no state is told twice.
    assert sequences == sorted(set(sequences))


async def test_a_line_that_died_without_a_word_is_noticed(
    seen: Watched, service: Installation, paper: Paper, jobs: Jobs
) -> None:
    page, file = seen.page, paper(pages=60, slowly=True)
    await page.clock.install()
    async with CuttingProxy(service.settings.port, 6, silently=True) as proxy, jobs.creates(1):
        shown = await start(page, f"http://127.0.0.1:{proxy.port}", file=file)
        await expect(shown.get_by_role("status")).to_contain_text("Page ")
        while not proxy.cut:
            await asyncio.sleep(0.01)
        await page.clock.fast_forward(20_000)
        await page.clock.fast_forward(5_000)
        await expect(page.locator("#connection")).to_have_text("The connection is lost; coming back in 1 s.")
        await page.clock.fast_forward(1_000)
        await expect(shown.locator("pre")).to_contain_text("Page 60 of ")


async def test_a_key_that_was_revoked_meanwhile_is_told_and_not_tried_again(
    seen: Watched, service: Installation, paper: Paper, jobs: Jobs
) -> None:
    key, file = await jobs.key(), paper(pages=200, slowly=True)
    async with CuttingProxy(service.settings.port, 6) as proxy, asyncio.TaskGroup() as both:
        both.create_task(jobs.revoke_once_cut(key, proxy))
        shown = await start(seen.page, f"http://127.0.0.1:{proxy.port}", key=key.secret, file=file)
        await expect(shown.get_by_role("alert")).to_have_text("This API key is not valid (any more).")
        assert len([address for address in seen.asked if address.startswith("ws:")]) == 2


async def test_a_job_is_cancelled(seen: Watched, address: str, paper: Paper, jobs: Jobs) -> None:
    shown = await start(seen.page, address, file=paper(pages=200, slowly=True))
    await expect(shown.get_by_role("status")).to_contain_text("Page ")
    await shown.get_by_role("button", name="Cancel").click()
    await expect(shown.get_by_role("alert")).to_have_text("JOB_CANCELLED: The job was cancelled.")
    await expect(shown.get_by_role("button")).to_have_count(0)
    assert (await jobs.newest())["error"]["code"] == "JOB_CANCELLED"


async def test_refusals_are_shown_and_nothing_is_created(
    seen: Watched, address: str, paper: Paper, jobs: Jobs, tmp_path: Path
) -> None:
    page = seen.page
    picture = tmp_path / "picture.pdf"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x01")
    wrong_key = "This API key is not valid (any more)."
    async with jobs.creates(0):
        for given, sentence in (
            ({"file": paper(), "key": "sec_wrong"}, wrong_key),
            ({"name": "report.pdf", "key": "sec_wrong"}, wrong_key),
            ({"name": "no-such.pdf"}, "there is no file no-such.pdf"),
            ({"file": picture}, "picture.pdf is neither a PDF nor text; send one of these."),
        ):
            shown = await start(page, address, **given)
            await expect(shown.get_by_role("alert")).to_have_text(sentence)
        for given in ({"file": paper()}, {"name": "report.pdf"}):
            shown = await start(page, "http://127.0.0.1:1", **given)
            await expect(shown.get_by_role("alert")).to_contain_text(
                "does not answer, or not to pages of http://127.0.0.1"
            )
    assert REFUSED_KEY in seen.complaints


async def test_a_page_whose_origin_is_not_named_is_told_what_to_set(address: str, paper: Paper, jobs: Jobs) -> None:
    with hosting(EXAMPLES / "vanilla", "http://127.0.0.1:0") as elsewhere:
        async with chromium() as browser, watched(browser) as page, jobs.creates(0):
            await page.page.goto(elsewhere)
            for given in ({"file": paper()}, {"name": "report.pdf"}):
                shown = await start(page.page, address, **given)
                await expect(shown.get_by_role("alert")).to_contain_text(
                    "its setting SECRETARY_CORS_ORIGINS must name it"
                )


async def test_a_job_that_fails_says_why(seen: Watched, address: str, paper: Paper) -> None:
    shown = await start(seen.page, address, file=paper(password="secret"))
    await expect(shown.get_by_role("alert")).to_contain_text("ENCRYPTED_FILE: ")
    assert seen.complaints == []
