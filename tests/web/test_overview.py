"""The queue with its workers, the charts of the last hours, and the templates with their previews."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.installation import Installation, until
from tests.web.conftest import Caller, Dashboard, Open, new_name
from tests.web.running import running
from tests.web.test_looks import violations

STATISTICS = "{ statistics { hours { created completed failed cancelled } durations { jobType count } } }"
NEW_KEY = """mutation { createApiKey(input: { userId: "ursula" }) {
    ... on CreateApiKeyPayload { secret } ... on Error { message } } }"""
INVOICE = (
    "---\ncustomer: {{customer|Who is billed?}}\n---\n# {{customer}}, {{room}}\n\n{{due|When <b>is</b> it due?}}\n"
)


@pytest.fixture(scope="module")
def service(short_dir: Path, shared_inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One of its own, with templates of its operator's, whose jobs are all known here."""
    templates = tmp_path_factory.mktemp("templates")
    (templates / "Invoice.md").write_text(INVOICE)
    (templates / "Invoice_de.md").write_text("# Rechnung\n\n{{due|Wann ist sie fällig?}}\n")
    (templates / "Broken.md").write_text("a {{b")
    with running(short_dir, shared_inputs, SECRETARY_TEMPLATES_DIR=str(templates)) as made:
        yield made


@pytest.fixture(scope="module")
def caller(service: Installation) -> Caller:
    return Caller(f"http://127.0.0.1:{service.settings.port}")


def figure(page: Page, name: str) -> Locator:
    return page.locator(f"[data-figure={name}] .figure-number")


def wait_for(caller: Caller, job_id: str, status: str) -> None:
    until(lambda: caller.status(job_id) == status, seconds=60, what=f"the job is {status}")


def test_the_queue_shows_what_waits_and_what_the_workers_run(dashboard: Dashboard, caller: Caller):
    page, name = dashboard.page, new_name("worked-on")
    dashboard.open("/queue")
    expect(figure(page, "workers")).to_have_text("1")
    expect(page.get_by_role("list", name="Workers")).to_contain_text("ready")
    job_id = caller.create(name, "sleep", seconds=60)
    worker = page.get_by_role("list", name="Workers").get_by_role("listitem")
    expect(worker.get_by_role("link", name=name)).to_have_attribute("href", f"#/jobs/{job_id}")
    expect(figure(page, "processing")).to_have_text("1")
    expect(worker.get_by_role("progressbar")).to_be_visible()
    more = [caller.create(new_name("waits"), "sleep", seconds=60) for _ in range(12)]
    expect(figure(page, "pending")).to_have_text(re.compile(r"^[1-9]\d*$"))
    for each in (job_id, *more):
        caller.delete(each)
    expect(figure(page, "pending")).to_have_text("0")
    expect(worker).to_contain_text("ready")


def test_without_a_worker_it_says_so(dashboard: Dashboard, service: Installation):
    page = dashboard.page
    dashboard.open("/queue")
    expect(figure(page, "workers")).to_have_text("1")
    service.worker.terminate()
    service.worker.wait(30)
    expect(page.get_by_text("No worker is running, so nothing that waits will be done.")).to_be_visible()
    service.worker = service.start_worker()
    expect(figure(page, "workers")).to_have_text("1")
    expect(page.get_by_text("No worker is running")).to_be_hidden()


def test_an_owner_sees_its_own_jobs_only(opened: Open, caller: Caller):
    secret = caller.ask(NEW_KEY)["createApiKey"]["secret"]
    job_id = caller.create(new_name("of-the-admin"), "sleep", seconds=60)
    wait_for(caller, job_id, "PROCESSING")
    dashboard = opened()
    dashboard.open("/queue")
    dashboard.sign_in(secret)
    expect(figure(dashboard.page, "workers")).to_have_text("1")
    expect(figure(dashboard.page, "processing")).to_have_text("0")
    expect(dashboard.page.get_by_role("list", name="Workers")).to_contain_text("no job of yours")
    expect(dashboard.page.get_by_text("There were no jobs in this time.")).to_be_visible()
    caller.delete(job_id)


def test_the_last_hours_are_drawn_with_their_figures_as_tables(dashboard: Dashboard, caller: Caller):
    page = dashboard.page
    wait_for(caller, caller.create(new_name("done")), "COMPLETED")
    wait_for(caller, caller.create(new_name("broken"), "broken"), "FAILED")
    cancelled = caller.create(new_name("cancelled"), "sleep", seconds=60)
    caller.ask("mutation ($id: ID!) { cancelJob(id: $id) { __typename } }", id=cancelled)
    told = caller.ask(STATISTICS)["statistics"]
    dashboard.open("/queue")
    for kind in ("completed", "failed", "cancelled"):
        expect(page.locator(f".chart-{kind}").first).to_be_attached()
    page.get_by_text("As a table").first.click()
    rows = page.get_by_role("region", name="Jobs per hour, as a table").get_by_role("row")
    expect(rows).to_have_count(25)
    names = ("created", "completed", "failed", "cancelled")
    for row, hour in zip(rows.all()[1:], told["hours"], strict=True):
        assert row.get_by_role("cell").all_inner_texts() == [str(hour[name]) for name in names]
    page.get_by_text("As a table").last.click()
    durations = page.get_by_role("region", name="How long completed jobs took, as a table").get_by_role("row")
    assert [row.get_by_role("rowheader").inner_text() for row in durations.all()[1:]] == [
        each["jobType"] for each in told["durations"]
    ]
    page.get_by_role("button", name="7 days").click()
    expect(rows).to_have_count(169)
    assert page.evaluate("location.hash") == "#/queue?hours=168"


def test_a_template_is_found_looked_at_and_used(dashboard: Dashboard):
    page = dashboard.page
    page.get_by_role("link", name="Templates").click()
    names = page.locator(".template-card h2")
    expect(names).to_have_text(["Broken", "Invoice", "KeyFacts", "MeetingMinutes", "Session", "Summary"])
    expect(page.locator(".template-card").filter(has_text="Broken")).to_contain_text("line 1, column 3")
    page.get_by_role("link", name="Invoice").click()
    preview = page.get_by_role("region", name="Its text")
    expect(preview.locator(".template-field")).to_have_text(
        ["customer Who is billed?", "customer", "due When <b>is</b> it due?"]
    )
    expect(preview.locator(".template-variable")).to_have_text(["room"])
    expect(page.get_by_role("region", name="What it asks").locator("dt")).to_have_text(["customer", "due"])
    page.get_by_role("group", name="Language").get_by_role("button", name="de").click()
    expect(preview).to_contain_text("# Rechnung")
    expect(preview.locator(".template-field")).to_have_text(["due Wann ist sie fällig?"])
    page.reload()
    expect(preview).to_contain_text("# Rechnung")
    page.get_by_role("link", name="Use this template").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("New job")
    expect(page.get_by_label("Template", exact=True)).to_have_value("Invoice")


def test_a_template_that_cannot_be_used_or_is_not_there_says_so(dashboard: Dashboard):
    page = dashboard.page
    dashboard.open("/templates/Broken")
    expect(page.get_by_text('Template "Broken", line 1, column 3')).to_be_visible()
    expect(page.get_by_role("link", name="Use this template")).to_have_count(0)
    expect(page.get_by_role("region", name="Its text")).to_have_text("a {{b")
    dashboard.open("/templates/Nothing")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no such template")


ROUTES = ("/queue", "/queue?hours=168", "/templates", "/templates/MeetingMinutes", "/templates/Broken")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_them(opened: Open, caller: Caller, scheme: str):
    wait_for(caller, caller.create(new_name("done")), "COMPLETED")
    running = caller.create(new_name("running"), "sleep", seconds=60)
    dashboard = opened(color_scheme=scheme)
    page = dashboard.page
    dashboard.open()
    dashboard.sign_in()
    found = {}
    for route in ROUTES:
        dashboard.open(route)
        expect(page.locator("main h1")).to_be_visible()
        page.wait_for_timeout(500)
        for summary in page.get_by_text("As a table").all():
            summary.click()
        found[route] = violations(page)
        dashboard.picture(f"overview{route.replace('/', '-')}-{scheme}")
    caller.delete(running)
    assert {route: each for route, each in found.items() if each} == {}


@pytest.mark.parametrize("width", [320, 375])
def test_they_fit_a_phone(opened: Open, width: int):
    dashboard = opened(width, 700, has_touch=True)
    page = dashboard.page
    dashboard.open()
    dashboard.sign_in()
    for route in ROUTES:
        dashboard.open(route)
        expect(page.locator("main h1")).to_be_visible()
        page.wait_for_timeout(300)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, route
        dashboard.picture(f"overview{route.replace('/', '-')}-{width}")
