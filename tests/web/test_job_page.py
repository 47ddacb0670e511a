"""A job's page, with real jobs of every type: live to the end, what came of it, what to do when it failed, and what can be done."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from secretary.errors import ErrorCode
from secretary.web.static_files import FOLDER
from tests.documents_made import table_pdf, text_pdf
from tests.fetching.servers import Server, serving
from tests.installation import Installation, until
from tests.receiver import receiving
from tests.sessions.conference import asked_for, put_up
from tests.web.conftest import Caller, Dashboard, Open, new_name
from tests.web.running import running
from tests.web.test_connection import unanswered
from tests.web.test_looks import violations

CREATE = """mutation ($input: CreateJobInput!) { createJob(input: $input) {
    ... on CreateJobPayload { job { id } } ... on Error { message } } }"""
MINUTES = """# Weekly

Meeting on 3 March 2026

Participants: Anna Berg, Otto Klein

- Decision: we ship in May.
- Action: Anna Berg sends the plan by Friday.
"""
TABLE = [["Region", "Sales"], ["North", "1,200"], ["South <b>", "980"]]


@pytest.fixture(scope="module")
def service(short_dir: Path, shared_inputs: Path) -> Iterator[Installation]:
    """One of its own, which may ask this machine for web pages and tell it of jobs."""
    with running(short_dir, shared_inputs, SECRETARY_ALLOW_PRIVATE_NETWORKS="true") as made:
        yield made


@pytest.fixture(scope="module")
def caller(service: Installation) -> Caller:
    return Caller(f"http://127.0.0.1:{service.settings.port}")


@pytest.fixture(scope="module")
def conference() -> Iterator[Server]:
    with serving() as server:
        yield server


def create(caller: Caller, kind: str, parameters: dict, **more: object) -> str:
    created = caller.ask(CREATE, input={"job": {kind: parameters}, **more})["createJob"]
    return str(created["job"]["id"])


@pytest.fixture(scope="module")
def report(shared_inputs: Path) -> Path:
    """Text, a table and a picture."""
    path = table_pdf(shared_inputs / "Quarterly report.pdf", TABLE, text_pages_before=1, title="Quarterly report")
    picture = Canvas(str(shared_inputs / "pictured.pdf"))
    picture.drawString(72, 770, "A picture stands here")
    picture.drawImage(ImageReader(Image.effect_mandelbrot((120, 120), (-2, -1.5, 1, 1.5), 50).convert("RGB")), 72, 500)
    picture.save()
    return path


@pytest.fixture(scope="module")
def read(caller: Caller, report: Path) -> str:
    """A PDF that was read with pictures and a template."""
    parameters = {"filename": report.name, "includeImages": True, "template": "KeyFacts", "useCache": False}
    return create(caller, "pdf", parameters, name="Quarterly report.pdf")


def tab(page: Page, name: str) -> Locator:
    """The panel behind a tab, opened."""
    page.get_by_role("tab", name=re.compile(rf"^{name}\b")).click()
    return page.get_by_role("tabpanel", name=re.compile(rf"^{name}\b"))


def status(page: Page) -> Locator:
    return page.locator(".job-head .status")


def test_a_pdf_is_shown_with_all_that_was_read(dashboard: Dashboard, read: str):
    page = dashboard.page
    dashboard.open(f"/jobs/{read}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Quarterly report.pdf")
    expect(status(page)).to_have_text("Completed")
    assert page.title() == "Quarterly report.pdf · secretary"
    steps = page.locator(".steps > li")
    names = ("Initializing", "Reading file", "Extracting text", "Processing images", "Applying template", "Finalizing")
    expect(steps).to_have_text([f"{name}, done" for name in names])
    panel = tab(page, "Text")
    expect(panel.get_by_role("heading", level=2)).to_have_text(
        ["Page 1the document's own text", "Page 2the document's own text"]
    )
    expect(panel).to_contain_text("Nothing but text on page 1")
    panel = tab(page, "Tables")
    expect(panel.get_by_role("columnheader")).to_have_text(["Region", "Sales"])
    expect(panel.get_by_role("cell")).to_have_text(["North", "1,200", "South <b>", "980"])
    with page.expect_download() as download:
        panel.get_by_role("button", name="Download Page 2, table 1 as CSV").click()
    with Path(download.value.path()).open(newline="", encoding="utf-8-sig") as file:
        assert list(csv.reader(file)) == TABLE
    panel = tab(page, "Document")
    expect(panel).to_contain_text("Quarterly report")
    panel = tab(page, "JSON")
    expect(panel.get_by_role("region", name="JSON")).to_contain_text('"pageCount": 2')
    panel = tab(page, "Input")
    expect(panel).to_contain_text('"template": "KeyFacts"')
    assert page.evaluate("location.hash") == f"#/jobs/{read}?tab=input"
    page.reload()
    expect(page.get_by_role("tab", name="Input")).to_have_attribute("aria-selected", "true")


def test_its_markdown_is_rendered_with_its_own_pictures(dashboard: Dashboard, read: str):
    page = dashboard.page
    dashboard.open(f"/jobs/{read}")
    panel = tab(page, "Markdown")
    expect(panel.get_by_role("heading", name="Quarterly report")).to_be_visible()
    expect(panel.get_by_role("cell", name="South <b>")).to_be_visible()
    picture = panel.get_by_role("button", name="Open Page 1").locator("img")
    expect(picture).to_have_attribute("src", re.compile("^blob:"))
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 500
    panel = tab(page, "Filled template")
    expect(panel.locator(".front-matter dd").first).to_have_text("key-facts")
    panel = tab(page, "Fields")
    expect(panel).to_contain_text("Filled by the built-in rules: each value is a piece of the text, word for word.")
    expect(panel.get_by_role("row", name=re.compile("^Title Nothing but text on page 1 line 1"))).to_be_visible()


def test_previews_are_fetched_with_the_key_when_they_are_looked_at_and_opened_large(dashboard: Dashboard, read: str):
    page = dashboard.page
    dashboard.open(f"/jobs/{read}")
    expect(page.get_by_role("tab", name=re.compile("Pages"))).to_be_visible()
    assert [address for address in dashboard.asked if "/files/" in address] == []
    panel = tab(page, "Pages")
    expect(panel.locator("img[src^='blob:']")).to_have_count(2)
    previews = [address for address in dashboard.asked if "/files/" in address]
    assert sorted(address.rpartition("/")[2] for address in previews) == ["page-0001.jpg", "page-0002.jpg"]
    assert all("/files/previews/" in address for address in previews)
    panel.get_by_role("button", name="Open Page 2").click()
    viewer = page.get_by_role("dialog", name="Picture")
    expect(viewer).to_contain_text("Page 2 (2 of 2)")
    large = viewer.get_by_role("img", name="Page 2")
    assert large.evaluate("image => image.decode().then(() => image.naturalWidth)") > 500
    page.keyboard.press("ArrowRight")
    expect(viewer.get_by_role("img", name="Page 1")).to_be_visible()
    page.keyboard.press("Escape")
    expect(viewer).to_have_count(0)
    expect(panel.get_by_role("button", name="Open Page 2")).to_be_focused()


def test_pictures_in_a_document_have_a_panel(dashboard: Dashboard, caller: Caller, report: Path):
    job_id = create(caller, "pdf", {"filename": "pictured.pdf", "includeImages": True})
    dashboard.open(f"/jobs/{job_id}")
    panel = tab(dashboard.page, "Images")
    expect(panel.locator("img[src^='blob:']")).to_have_count(1)


def test_files_and_the_archive_are_downloaded(dashboard: Dashboard, read: str):
    page = dashboard.page
    dashboard.open(f"/jobs/{read}")
    panel = tab(page, "Files")
    expect(panel.get_by_role("listitem").first).to_contain_text("Quarterly-report.json")
    with page.expect_download() as download:
        panel.get_by_role("button", name="Download Quarterly-report.md").click()
    assert download.value.suggested_filename == "Quarterly-report.md"
    assert Path(download.value.path()).read_text().startswith("# Quarterly report")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download all").click()
    assert download.value.suggested_filename == "Quarterly report.pdf.zip"
    assert "Quarterly-report.json" in [name.rpartition("/")[2] for name in ZipFile(download.value.path()).namelist()]


def test_a_filled_template_is_shown(dashboard: Dashboard, caller: Caller):
    page = dashboard.page
    job_id = create(caller, "transformer", {"text": MINUTES, "template": "MeetingMinutes"}, name=new_name("minutes"))
    dashboard.open(f"/jobs/{job_id}")
    panel = tab(page, "Markdown")
    expect(panel.get_by_role("listitem").filter(has_text="Anna Berg sends the plan")).to_contain_text("☐")
    panel = tab(page, "Fields")
    expect(panel.get_by_role("row", name=re.compile("^Participants Anna Berg Otto Klein line 5"))).to_be_visible()
    expect(panel.get_by_role("row", name=re.compile("^Chair –"))).to_be_visible()
    expect(page.locator(".steps")).not_to_contain_text("Reading file")


def test_a_text_by_its_address_says_where_it_came_from(
    dashboard: Dashboard, caller: Caller, conference: Server, tmp_path: Path
):
    page = dashboard.page
    address = put_up(conference, tmp_path)
    job_id = create(caller, "transformer", {"url": address, "template": "Summary"})
    dashboard.open(f"/jobs/{job_id}")
    expect(status(page)).to_have_text("Completed")
    expect(page.locator(".job-facts").get_by_role("link", name=address)).to_have_attribute("href", address)
    expect(page.locator(".steps")).to_contain_text("Reading file")
    panel = tab(page, "Source")
    expect(panel).to_contain_text("html")
    expect(panel).to_contain_text("Fast parsers")


def test_a_session_is_shown_with_report_transcript_and_slides(
    dashboard: Dashboard, caller: Caller, conference: Server, tmp_path: Path
):
    page = dashboard.page
    given = asked_for(put_up(conference, tmp_path), target_language="en")
    camel = {re.sub(r"_(\w)", lambda match: match[1].upper(), name): value for name, value in given.items()}
    job_id = create(caller, "session", camel, name=new_name("session"))
    dashboard.open(f"/jobs/{job_id}")
    expect(status(page)).to_have_text("Completed")
    panel = tab(page, "Report")
    expect(panel.get_by_role("heading").first).to_be_visible()
    panel.locator("img").first.scroll_into_view_if_needed()
    expect(panel.locator("img[src^='blob:']").first).to_be_visible()
    expect(panel.get_by_role("link", name="The video")).to_have_attribute("href", conference.url("/media/talk.mp4"))
    expect(tab(page, "Transcript")).to_contain_text("Welcome to this talk about fast parsers.")
    expect(tab(page, "Session")).to_contain_text("Room K.1.105")
    expect(tab(page, "Web page")).to_contain_text("This talk shows how a parser becomes fast")
    expect(tab(page, "Slides").locator("img[src^='blob:']").first).to_be_attached()


def test_a_plug_ins_results_are_shown_as_they_are(dashboard: Dashboard, caller: Caller):
    page = dashboard.page
    dashboard.open(f"/jobs/{caller.create(new_name('plain'), 'noop')}")
    panel = tab(page, "Results")
    expect(panel.locator("dt")).to_have_text(["Pid", "Attempts"])
    expect(tab(page, "JSON")).to_contain_text('"attempts": 1')


def test_a_job_is_followed_live_and_cancelled_and_run_again(dashboard: Dashboard, caller: Caller):
    page, name = dashboard.page, new_name("followed")
    job_id = caller.create(name, "sleep", seconds=60)
    dashboard.open(f"/jobs/{job_id}")
    expect(status(page)).to_have_text("Running")
    expect(page.locator(".steps > [aria-current=step]")).to_have_text("Sleeping, now")
    bar = page.get_by_role("progressbar", name=f"Progress of {name}")
    before = int(bar.get_attribute("aria-valuenow") or 0)
    expect(bar).not_to_have_attribute("aria-valuenow", str(before))
    expect(page.locator(".job-now")).to_have_text(re.compile(r"^\d+\.\d s left$"))
    expect(page.get_by_text("Running for")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Cancel the job").click()
    expect(status(page)).to_have_text("Cancelled")
    expect(page.get_by_text("It was cancelled.")).to_be_visible()
    assert caller.status(job_id) == "CANCELLED"
    page.get_by_role("button", name="Run again").click()
    expect(status(page)).to_have_text("Running")
    expect(page.get_by_text("It was cancelled.")).to_have_count(0)
    caller.ask("mutation ($id: ID!) { cancelJob(id: $id) { __typename } }", id=job_id)
    expect(status(page)).to_have_text("Cancelled")


def test_what_was_asked_of_a_job_that_ends_while_it_is_watched_appears(dashboard: Dashboard, caller: Caller):
    page = dashboard.page
    job_id = caller.create(new_name("ending"), "sleep", seconds=4)
    dashboard.open(f"/jobs/{job_id}")
    expect(page.get_by_role("tab", name="Log")).to_have_attribute("aria-selected", "true")
    expect(status(page)).to_have_text("Completed")
    expect(page.get_by_role("tab", name="Results")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("tab", name=re.compile("Files"))).to_have_text("Files 1")
    expect(tab(page, "Log")).to_contain_text("Completed")
    expect(page.locator("[role=status][aria-live=polite]")).to_contain_text("completed")


def test_the_log_comes_line_by_line_with_warnings(dashboard: Dashboard, caller: Caller):
    page = dashboard.page
    dashboard.open(f"/jobs/{caller.create(new_name('chatty'), 'chatty', reports=20)}")
    expect(status(page)).to_have_text("Completed")
    expect(page.locator(".job-warnings")).to_contain_text("something was only partly possible")
    lines = tab(page, "Log").get_by_role("listitem")
    expect(lines.filter(has_text="a line with NUL")).to_be_visible()
    expect(lines.filter(has_text="something was only partly possible")).to_have_attribute("data-level", "warning")


def test_a_failed_job_says_why_and_what_to_do(dashboard: Dashboard, caller: Caller, shared_inputs: Path):
    page = dashboard.page
    text_pdf(shared_inputs / "locked.pdf", "secret", password="open sesame")
    job_id = create(caller, "pdf", {"filename": "locked.pdf"}, name=new_name("locked"))
    dashboard.open(f"/jobs/{job_id}")
    failed = page.locator(".job-error")
    expect(failed).to_contain_text("It failed ENCRYPTED_FILE")
    expect(failed).to_contain_text("What to do: Run it with changes: give the document's password.")
    expect(page.locator(".steps > [data-state=stopped]")).to_contain_text("it ended here")
    expect(page.get_by_role("button", name="Run again")).to_be_visible()
    dashboard.open(f"/jobs/{caller.create(new_name('unfit'), 'unfit')}")
    expect(failed).to_contain_text("OUTPUT_INVALID")
    expect(tab(page, "Files")).to_contain_text("answer.txt")


def test_every_code_that_a_job_can_fail_with_has_its_advice():
    advice = re.findall(r"^  ([A-Z_]+): \"(.+)\",$", (FOLDER / "error-advice.js").read_text(), re.MULTILINE)
    page = (Path(__file__).parents[2] / "docs" / "errors.md").read_text().partition("## Of jobs")[2]
    assert sorted(code for code, _ in advice) == sorted(set(re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE)))
    assert {code for code, _ in advice} <= set(ErrorCode)
    assert len({sentence for _, sentence in advice}) == len(advice)


def test_deliveries_of_its_webhook_are_shown_and_sent_again(dashboard: Dashboard, caller: Caller):
    page = dashboard.page
    with receiving() as receiver:
        job = {"jobType": "noop", "parameters": {"webhook": {"url": receiver.url(), "progress": False}}}
        job_id = create(caller, "custom", job)
        dashboard.open(f"/jobs/{job_id}")
        panel = tab(page, "Webhook")
        expect(panel.get_by_role("heading", name="Completed Delivered")).to_be_visible()
        expect(panel).to_contain_text("answered 204")
        panel.get_by_role("button", name="Send again").click()
        expect(panel).to_contain_text("2 attempts")
        assert [call.phase for call in receiver.calls] == ["completed", "completed"]


def test_an_address_that_is_badly_written_names_no_job(dashboard: Dashboard):
    dashboard.open("/jobs/job-%E0%A4%A")
    expect(dashboard.page.get_by_role("heading", level=1)).to_have_text("There is no such job")


def test_a_deleted_job_is_gone_here_and_elsewhere(dashboard: Dashboard, caller: Caller):
    page = dashboard.page
    job_id = caller.create(new_name("deleted"))
    dashboard.open(f"/jobs/{job_id}")
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Delete the job").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Jobs")
    assert caller.status(job_id) is None
    dashboard.open(f"/jobs/{job_id}")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no such job")
    other = caller.create(new_name("elsewhere"))
    dashboard.open(f"/jobs/{other}")
    expect(status(page)).to_have_text("Completed")
    caller.delete(other)
    expect(page.get_by_role("heading", level=1)).to_have_text("This job is gone")


def test_what_has_not_changed_is_left_to_its_reader(dashboard: Dashboard, read: str):
    page = dashboard.page
    dashboard.open(f"/jobs/{read}")
    tab(page, "Pages").get_by_role("button", name="Open Page 1").click()
    viewer = page.get_by_role("dialog", name="Picture")
    expect(viewer.get_by_role("img", name="Page 1")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Delete").focus()
    before = len([address for address in dashboard.asked if address.endswith("/graphql")])
    page.locator("[role=tabpanel]:not([hidden]), .facts").evaluate_all("all => all.forEach(each => (each.seen = true))")
    page.wait_for_timeout(14_000)
    assert len([address for address in dashboard.asked if address.endswith("/graphql")]) >= before + 2
    expect(page.get_by_role("button", name="Delete")).to_be_focused()
    kept = "all => all.filter(each => each.firstElementChild && each.seen).length"
    assert page.locator("[role=tabpanel]:not([hidden]), .facts").evaluate_all(kept) == 2
    assert page.locator(".picture-grid img[src^='blob:']").count() == 2


def test_tabs_are_walked_by_keyboard(dashboard: Dashboard, read: str):
    page = dashboard.page
    dashboard.open(f"/jobs/{read}")
    first = page.get_by_role("tab", name="Text")
    expect(first).to_have_attribute("aria-selected", "true")
    first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Markdown")).to_be_focused()
    expect(page.get_by_role("tabpanel", name="Markdown")).to_be_visible()
    page.keyboard.press("End")
    expect(page.get_by_role("tab", name="Input")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(first).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("tabpanel", name="Text")).to_be_focused()


def test_while_the_connection_is_lost_it_looks_like_the_memory_it_is(
    dashboard: Dashboard, caller: Caller, service: Installation
):
    page, name = dashboard.page, new_name("lost")
    job_id = caller.create(name, "sleep", seconds=8)
    dashboard.open(f"/jobs/{job_id}")
    expect(status(page)).to_have_text("Running")
    service.web.kill()
    service.web.wait()
    expect(page.locator(".job-head[data-stale] .stale-chip")).to_have_text("last known")
    expect(page.locator(".steps[data-stale]")).to_be_visible()
    expect(status(page)).to_have_css("border-style", "dashed")
    took = page.locator(".facts div").filter(has_text="Running for").locator("dd")
    before = took.inner_text()
    page.wait_for_timeout(2_500)
    assert took.inner_text() == before
    service.web = service.start_web()
    until(lambda: caller.status(job_id) == "COMPLETED", seconds=60, what="the job ends")
    expect(status(page)).to_have_text("Completed")
    expect(page.locator("[data-stale]")).to_have_count(0)
    expect(page.get_by_role("tab", name="Results")).to_be_visible()
    unanswered(dashboard)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_it(opened: Open, caller: Caller, read: str, shared_inputs: Path, scheme: str):
    text_pdf(shared_inputs / "shut.pdf", "secret", password="open sesame")
    failed = create(caller, "pdf", {"filename": "shut.pdf"}, name=new_name("shut"))
    chatty = caller.create(new_name("chatty"), "chatty", reports=5)
    running = caller.create(new_name("running"), "sleep", seconds=30)
    dashboard = opened(color_scheme=scheme)
    page = dashboard.page
    dashboard.open(f"/jobs/{read}")
    dashboard.sign_in()
    found = {}
    for name in (
        "Text",
        "Markdown",
        "Filled template",
        "Fields",
        "Tables",
        "Pages",
        "Document",
        "JSON",
        "Files",
        "Log",
    ):
        panel = tab(page, name)
        expect(panel).not_to_contain_text("Loading")
        page.wait_for_timeout(300)
        found[name] = violations(page)
        dashboard.picture(f"job-{name}-{scheme}")
    tab(page, "Pages").get_by_role("button").first.click()
    expect(page.locator(".viewer img[src^='blob:']")).to_be_visible()
    found["viewer"] = violations(page)
    page.keyboard.press("Escape")
    for name, job_id in (("failed", failed), ("chatty", chatty), ("running", running), ("none", "job-x")):
        dashboard.open(f"/jobs/{job_id}")
        expect(page.locator("main h1")).to_be_visible()
        page.wait_for_timeout(500)
        found[name] = violations(page)
        dashboard.picture(f"job-{name}-{scheme}")
    caller.delete(running)
    assert {name: each for name, each in found.items() if each} == {}


@pytest.mark.parametrize("width", [320, 375])
def test_it_fits_a_phone(opened: Open, read: str, width: int):
    dashboard = opened(width, 700, has_touch=True)
    page = dashboard.page
    dashboard.open(f"/jobs/{read}")
    dashboard.sign_in()
    for name in ("Text", "Markdown", "Fields", "Tables", "Pages", "JSON", "Files"):
        tab(page, name)
        page.wait_for_timeout(200)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        dashboard.picture(f"job-{name}-{width}")
