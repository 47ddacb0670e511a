"""A lost connection: said at once, nothing shown as live meanwhile, found again by itself, and everything read again before that."""

import signal
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.conftest import free_port
from tests.installation import Installation, until
from tests.web.conftest import Caller, Dashboard, Open, new_name


@pytest.fixture(scope="module")
def service(short_dir: Path, shared_inputs: Path) -> Iterator[Installation]:
    """One of its own, whose web process ends and starts again."""
    folder = short_dir / uuid.uuid4().hex[:8]
    folder.mkdir()
    made = Installation(folder, shared_inputs, None, free_port())
    try:
        made.start_valkey()
        made.start_worker()
        made.web = made.start_web()
        yield made
    finally:
        made.stop_all()


@pytest.fixture(scope="module")
def caller(service: Installation) -> Caller:
    return Caller(f"http://127.0.0.1:{service.settings.port}")


def unanswered(dashboard: Dashboard) -> None:
    """Chromium itself writes each connection that was refused to the console."""
    assert all("ERR_CONNECTION_REFUSED" in said or "WebSocket" in said for said in dashboard.complaints)
    dashboard.complaints.clear()


def test_while_the_service_is_away_the_page_says_so_and_afterwards_it_shows_what_happened_meanwhile(
    dashboard: Dashboard, caller: Caller, service: Installation
):
    page = dashboard.page
    name, gone = new_name("meanwhile"), new_name("gone")
    caller.create(name, "sleep", seconds=12)
    gone_id = caller.create(gone)
    expect(dashboard.job(gone).locator(".status")).to_have_text("Completed")
    expect(dashboard.job(name).locator(".status")).to_have_text("Running")
    service.web.kill()
    service.web.wait()
    banner = page.get_by_role("region", name="Connection")
    expect(banner).to_contain_text("The connection is lost. What you see is as it was at")
    expect(page.locator(".connection-sign")).to_have_text("Offline")
    expect(page.locator(".view-header .stale-chip")).to_have_text("last known")
    expect(page.locator("[data-stale]").filter(has=page.locator(".job-list"))).to_be_visible()
    expect(dashboard.job(name).locator(".status")).to_have_css("border-style", "dashed")
    dashboard.picture("dashboard-lost")
    page.get_by_role("button", name=f"Delete {gone}").click()
    page.get_by_role("button", name="Delete the job").click()
    expect(page.get_by_role("alert")).to_contain_text("The service does not answer")
    expect(dashboard.job(gone)).to_have_count(1)
    service.web = service.start_web()
    caller.delete(gone_id)
    # Without waiting for the button: the page may find the service by itself at any moment, and then hides it.
    page.locator("button", has_text="Try now").dispatch_event("click")
    expect(banner).to_be_hidden()
    expect(page.locator(".connection-sign")).to_have_text("Live")
    expect(dashboard.job(gone)).to_have_count(0)
    expect(dashboard.job(name).locator(".status")).to_have_text("Completed")
    expect(page.locator("[data-stale]")).to_have_count(0)
    unanswered(dashboard)


def test_a_service_that_falls_silent_without_a_word_is_noticed_too(
    dashboard: Dashboard, caller: Caller, service: Installation
):
    banner = dashboard.page.get_by_role("region", name="Connection")
    service.web.send_signal(signal.SIGSTOP)
    expect(banner).to_contain_text("The connection is lost.")
    service.web.send_signal(signal.SIGCONT)
    expect(banner).to_be_hidden()
    expect(dashboard.page.locator(".connection-sign")).to_have_text("Live")
    dashboard.complaints.clear()


def test_who_opens_the_page_with_a_kept_key_while_the_service_is_away_is_told_and_can_try_again(
    opened: Open, caller: Caller, service: Installation
):
    dashboard = opened()
    page = dashboard.page
    dashboard.open()
    dashboard.sign_in()
    expect(page.get_by_role("heading", name="Jobs")).to_be_visible()
    page.route("**/graphql", lambda route: route.abort())
    page.reload()
    expect(page.get_by_role("alert").filter(has_text="The service does not answer")).to_be_visible()
    page.unroute("**/graphql")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Jobs")).to_be_visible()
    assert until(lambda: page.locator(".connection-sign").inner_text() == "Live", seconds=20, what="it is live") is None
    dashboard.complaints.clear()
