"""A real Chromium, and pages that are watched in it: every address they ask for and whatever they complain of."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from playwright.async_api import Browser, Page, async_playwright, expect

from tests.missing import missing

FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SECONDS = 30
# On a busy machine the page takes its time.
expect.set_options(timeout=SECONDS * 1000)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A browser of its own, closed at the end."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        missing("there is no Chromium")
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield opened
        await opened.close()


class Watched:
    """A page, every address it asked for, and whatever it complained of."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: list[str] = []
        self.complaints: list[str] = []
        page.context.on("request", lambda request: self.asked.append(request.url))
        page.on("websocket", lambda socket: self.asked.append(socket.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console", lambda said: self.complaints.append(said.text) if said.type in {"error", "warning"} else None
        )

    def hosts(self) -> set[str]:
        return {urlsplit(address).netloc for address in self.asked if not address.startswith(("data:", "blob:"))}


@asynccontextmanager
async def watched(browser: Browser, *, width: int = 1280, height: int = 800) -> AsyncIterator[Watched]:
    """A page of its own, without what other pages kept."""
    context = await browser.new_context(viewport={"width": width, "height": height})
    page = await context.new_page()
    page.set_default_timeout(SECONDS * 1000)
    yield Watched(page)
    await context.close()
