"""GraphiQL as a browser has it: the key entered once, an example opened, a subscription run to the job's end, and no other host asked
for anything; a real Chromium against the real server."""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.async_api import Page, expect

from secretary.graphql import browser
from secretary.settings import Settings
from tests.browser import Watched, chromium
from tests.browser import watched as watching
from tests.conftest import USER_KEY
from tests.graphql.conftest import Asking
from tests.missing import missing

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.fixture
def built() -> None:
    if not (browser.FOLDER / "index.html").exists():
        missing("GraphiQL is not built")


@pytest.fixture
async def watched(built: None) -> AsyncIterator[Watched]:
    async with chromium() as browser, watching(browser) as page:
        yield page


async def enter(page: Page, key: str, *, keep: bool = False) -> None:
    await page.get_by_label("API key").fill(key)
    if keep:
        await page.get_by_label("Keep it in this browser").check()
    await page.get_by_role("button", name="Open GraphiQL").click()


async def test_a_subscription_runs_in_the_page_to_the_end_of_its_job(
    watched: Watched, base_url: str, ask: Asking, claim
) -> None:
    page, result = watched.page, watched.page.locator(".result-window")
    job_id = await ask.create()
    await page.goto(f"{base_url}/graphql")
    await enter(page, USER_KEY)
    await page.get_by_role("button", name="Show Examples").click()
    await page.get_by_role("button", name="job progress").click()
    await expect(page.locator(".graphiql-query-editor")).to_contain_text("JobProgress")
    await expect(page.locator(".graphiql-editor-tool")).to_contain_text("jobId")
    # Between the quotes of the one variable.
    await page.locator(".graphiql-editor-tool .view-lines").click()
    for key in ("Control+Home", "ArrowDown", "End", "ArrowLeft"):
        await page.keyboard.press(key)
    await page.keyboard.type(job_id)
    await page.get_by_role("button", name="Execute query").click()
    await expect(result).to_contain_text("PENDING")
    hands = await claim()
    await hands.report(40)
    await expect(result).to_contain_text("at 40")
    await hands.complete()
    await expect(result).to_contain_text("COMPLETED")
    await expect(page.get_by_role("button", name="Execute query")).to_be_visible()
    if folder := os.environ.get("SCREENSHOTS"):
        await page.screenshot(path=Path(folder) / "graphiql.png")
    host = urlsplit(base_url).netloc
    assert f"ws://{host}/graphql" in watched.asked
    assert watched.hosts() == {host}
    assert watched.complaints == []


async def test_the_schema_is_read_and_helps_to_write(watched: Watched, base_url: str) -> None:
    page = watched.page
    await page.goto(f"{base_url}/graphql")
    await enter(page, USER_KEY)
    await page.get_by_role("button", name="Show Documentation Explorer").click()
    await page.get_by_role("link", name="Query", exact=True).click()
    await expect(page.locator(".graphiql-doc-explorer")).to_contain_text("What a caller can ask.")
    await page.locator(".graphiql-query-editor .view-lines").click()
    await page.keyboard.press("Control+End")
    await page.keyboard.type(" query Wrong { viewer { wrong")
    # The language worker has read the schema: it underlines the field.
    await expect(page.locator(".squiggly-error").first).to_be_attached()
    assert watched.complaints == []


async def test_the_key_is_asked_for_once_and_kept_as_long_as_the_reader_wants(watched: Watched, base_url: str) -> None:
    page = watched.page
    await page.goto(f"{base_url}/graphql")
    await enter(page, "sec_wrong")
    await expect(page.get_by_role("alert")).to_have_text("This key opens nothing here.")
    assert await page.evaluate("[sessionStorage.length, localStorage.length]") == [0, 0]
    await enter(page, USER_KEY)
    await expect(page.get_by_text("ursula")).to_be_visible()
    await page.reload()
    await expect(page.get_by_text("ursula")).to_be_visible()
    assert USER_KEY not in str(await page.evaluate("JSON.stringify(localStorage)"))
    await page.get_by_role("button", name="Forget key").click()
    assert USER_KEY not in str(await page.evaluate("JSON.stringify(sessionStorage)"))
    await enter(page, USER_KEY, keep=True)
    other = await page.context.new_page()
    await other.goto(f"{base_url}/graphql")
    await expect(other.get_by_text("ursula")).to_be_visible()
    assert all(USER_KEY not in address for address in watched.asked)
    assert await page.context.cookies() == []


@pytest.fixture
async def stranger(base_url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=base_url, trust_env=False, headers=BROWSER) as client:
        yield client


async def test_the_page_and_its_files_hold_the_browser_to_this_host(built: None, stranger: httpx.AsyncClient) -> None:
    page = await stranger.get("/graphql")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert page.headers["cache-control"] == "no-cache"
    names = [path.name for path in browser.FOLDER.iterdir() if path.suffix in {".js", ".css", ".ttf"}]
    assert len(names) > 5
    for name in names:
        file = await stranger.get(f"/graphql/{name}")
        assert (file.status_code, file.headers["content-encoding"]) == (200, "gzip")
        assert file.content == (browser.FOLDER / name).read_bytes()
        assert file.headers["cache-control"] == "public, max-age=31536000, immutable"
        plain = await stranger.get(f"/graphql/{name}", headers={"Accept-Encoding": "identity"})
        assert "content-encoding" not in plain.headers
        assert plain.content == file.content
        for header, value in browser.HEADERS.items():
            assert page.headers[header] == plain.headers[header] == value
    assert "unsafe-eval" not in browser.POLICY
    assert "http" not in browser.POLICY


async def test_no_other_file_is_given(stranger: httpx.AsyncClient) -> None:
    for name in ("built-from", "nothing.js", "..%2fview.py", "%2e%2e%2fbrowser.py", "index.html.gz", "index.html"):
        assert (await stranger.get(f"/graphql/{name}")).status_code == 404


class TestNotBuilt:
    """An installation made without node."""

    @pytest.fixture(autouse=True)
    def _without(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(browser, "FOLDER", tmp_path)

    async def test_the_page_says_how_to_build_it(self, stranger: httpx.AsyncClient) -> None:
        page = await stranger.get("/graphql")
        assert page.status_code == 200
        assert "<code>python scripts/graphiql/build.py</code>" in page.text
        assert page.headers["content-security-policy"] == browser.POLICY


class TestSwitchedOff:
    """`SECRETARY_GRAPHIQL=false`."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"graphiql": False})

    async def test_a_browser_is_answered_as_any_other(self, stranger: httpx.AsyncClient) -> None:
        page = await stranger.get("/graphql")
        assert (page.status_code, page.json()["errors"][0]["extensions"]["code"]) == (401, "UNAUTHORIZED")
        assert (await stranger.get("/graphql/index.html")).status_code == 404
        names = [path.name for path in browser.FOLDER.glob("*.js")]
        assert {(await stranger.get(f"/graphql/{name}")).status_code for name in names} <= {404}
