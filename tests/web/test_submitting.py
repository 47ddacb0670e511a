"""Starting jobs from the dashboard, and what happens where the service refuses."""

import base64
import re
from pathlib import Path

from playwright.sync_api import expect

from tests.documents_made import text_pdf
from tests.web.conftest import Caller, Dashboard, new_name

COUNT = "query ($filter: JobFilter) { jobs(filter: $filter) { totalCount } }"


def start(dashboard: Dashboard, route: str = "/new") -> None:
    dashboard.open(route)
    expect(dashboard.page.get_by_role("heading", name="New job")).to_be_focused()


def test_a_pdf_is_sent_and_watched_to_the_end(dashboard: Dashboard, letter: Path, caller: Caller):
    page = dashboard.page
    start(dashboard)
    page.get_by_label("Choose PDFs").set_input_files(letter)
    page.get_by_label("Include images").check()
    page.get_by_role("button", name="Start").click()
    line = dashboard.job(letter.name)
    expect(line.locator(".status")).to_have_text("Completed")
    expect(line.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "100")
    job_id = line.get_attribute("data-id")
    job = caller.ask(
        "query ($id: ID!) { job(id: $id) { parameters results { ... on PdfResults { structuredData { extractedText } } } } }",
        id=job_id,
    )["job"]
    assert job["parameters"]["include_images"] is True
    assert "Dear reader" in job["results"]["structuredData"]["extractedText"]
    dashboard.picture("dashboard")


def test_several_pdfs_dropped_anywhere_become_one_batch(dashboard: Dashboard, tmp_path: Path):
    page, name = dashboard.page, new_name("autumn")
    letters = [text_pdf(tmp_path / f"{name}-{index}.pdf", f"Letter {index} of {name}") for index in range(3)]
    files = page.evaluate_handle(
        """(files) => {
            const transfer = new DataTransfer();
            for (const [name, text] of files) {
                const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
                transfer.items.add(new File([bytes], name, { type: "application/pdf" }));
            }
            return transfer;
        }""",
        [[path.name, base64.b64encode(path.read_bytes()).decode()] for path in letters],
    )
    page.dispatch_event("body", "dragover", {"dataTransfer": files})
    expect(page.get_by_text("Drop the files to start jobs")).to_be_visible()
    page.dispatch_event("body", "drop", {"dataTransfer": files})
    expect(page.get_by_role("list", name="Files to send").get_by_role("listitem")).to_have_count(3)
    page.get_by_label("Name of the batch").fill(name)
    page.get_by_role("button", name="Start 3 jobs").click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    expect(page.get_by_role("progressbar", name=f"Progress of {name}", exact=True)).to_have_attribute(
        "aria-valuenow", "100"
    )
    for path in letters:
        expect(dashboard.job(path.name).locator(".status")).to_have_text("Completed")


def test_several_pdfs_can_be_single_jobs(dashboard: Dashboard, tmp_path: Path, caller: Caller):
    page, name = dashboard.page, new_name("apart")
    start(dashboard)
    letters = [text_pdf(tmp_path / f"{name}-{index}.pdf", f"Letter {index} of {name}") for index in range(2)]
    page.get_by_label("Choose PDFs").set_input_files(letters)
    page.get_by_label("As single jobs").check()
    page.get_by_role("button", name="Start 2 jobs").click()
    for path in letters:
        expect(dashboard.job(path.name).locator(".status")).to_have_text("Completed")
        expect(dashboard.job(path.name).locator(".job-batch")).to_be_hidden()


def test_a_url_that_is_refused_is_said_so_at_its_field_and_no_job_is_made(dashboard: Dashboard, caller: Caller):
    page, name = dashboard.page, new_name("refused")
    start(dashboard)
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("or the address of a PDF").fill("ftp://example.com/a.pdf")
    page.get_by_role("button", name="Start").click()
    field = page.get_by_label("or the address of a PDF")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    expect(page.locator(".field-error").filter(has_text=re.compile("http"))).to_be_visible()
    assert caller.ask(COUNT, filter={"nameContains": name})["jobs"]["totalCount"] == 0
    # Nor is this machine one that may be asked.
    field.fill("http://127.0.0.1:9/secret.pdf")
    page.get_by_role("button", name="Start").click()
    expect(page.locator(".field-error").filter(has_text="Port 9 is not one that this server opens")).to_be_visible()
    assert caller.ask(COUNT, filter={"nameContains": name})["jobs"]["totalCount"] == 0


def test_wrong_pages_and_nothing_to_read_are_said_where_they_belong(dashboard: Dashboard, letter: Path):
    page = dashboard.page
    start(dashboard)
    page.get_by_role("button", name="Start").click()
    expect(page.locator("#files-error")).to_have_text("Choose a PDF, or give the address of one.")
    page.get_by_label("Choose PDFs").set_input_files(letter)
    page.get_by_label("First page").fill("0")
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_label("First page")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("First page")).to_be_focused()
    page.get_by_label("First page").fill("3")
    page.get_by_label("Last page").fill("2")
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("alert").filter(has_text="page_start is after page_end")).to_be_visible()


def test_a_file_that_is_no_document_is_refused_at_its_line(dashboard: Dashboard, tmp_path: Path):
    page = dashboard.page
    wrong = tmp_path / "picture.pdf"
    wrong.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    start(dashboard)
    page.get_by_label("Choose PDFs").set_input_files(wrong)
    page.get_by_role("button", name="Start").click()
    line = page.get_by_role("list", name="Files to send").get_by_role("listitem")
    expect(line.locator(".field-error")).not_to_be_empty()
    page.get_by_role("button", name="Remove picture.pdf").click()
    expect(line).to_have_count(0)
    dashboard.complaints[:] = [said for said in dashboard.complaints if "415" not in said]


def test_a_text_is_filled_into_a_template(dashboard: Dashboard, caller: Caller):
    page, name = dashboard.page, new_name("minutes")
    start(dashboard)
    page.get_by_role("button", name="Text or web page").click()
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Text", exact=True).fill("Participants: Anna and Ben\nDecision: we paint it green.")
    page.get_by_label("Template", exact=True).select_option("MeetingMinutes")
    page.get_by_role("button", name="Start").click()
    line = dashboard.job(name)
    expect(line.locator(".status")).to_have_text("Completed")
    query = "query ($id: ID!) { job(id: $id) { results { ... on TransformerResults { templateFields } } } }"
    fields = caller.ask(query, id=line.get_attribute("data-id"))["job"]["results"]["templateFields"]
    assert "Anna" in str(fields)


def test_what_a_session_needs_is_asked_for_and_named_where_it_is_missing(dashboard: Dashboard):
    page = dashboard.page
    start(dashboard, "/new?type=session")
    page.get_by_role("button", name="Start").click()
    for label in ("Event", "Session", "Track", "Name of the report", "Url"):
        expect(page.get_by_label(f"{label} (required)")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Event (required)")).to_be_focused()


def test_a_job_type_of_another_package_has_a_form_of_its_own_and_takes_json(dashboard: Dashboard, caller: Caller):
    page, name = dashboard.page, new_name("chatty")
    start(dashboard)
    page.get_by_role("button", name="Chatty").click()
    expect(page.get_by_label("Reports")).to_have_value("500")
    page.get_by_label("Reports").fill("3")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("button", name="Start").click()
    expect(dashboard.job(name).locator(".status")).to_have_text("Completed")
    start(dashboard, "/new?type=chatty")
    page.get_by_label("Write the parameters as JSON").check()
    page.get_by_role("textbox", name="Parameters as JSON").fill('{"reports": }')
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("textbox", name="Parameters as JSON")).to_have_attribute("aria-invalid", "true")
    page.get_by_role("textbox", name="Parameters as JSON").fill('{"reports": 7}')
    page.get_by_label("Name", exact=True).fill(f"{name}-json")
    page.get_by_role("button", name="Start").click()
    line = dashboard.job(f"{name}-json")
    expect(line.locator(".status")).to_have_text("Completed")
    job = caller.ask("query ($id: ID!) { job(id: $id) { parameters } }", id=line.get_attribute("data-id"))["job"]
    assert job["parameters"]["reports"] == 7


def test_what_failed_is_run_with_changes_without_being_sent_again(dashboard: Dashboard, caller: Caller, tmp_path: Path):
    page = dashboard.page
    locked = text_pdf(tmp_path / f"{new_name('locked')}.pdf", "Between us", password=" open sesame")
    start(dashboard)
    page.get_by_label("Choose PDFs").set_input_files(locked)
    page.get_by_label("Language of the scan").fill("de, en")
    page.get_by_label("Include tables").uncheck()
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Start").click()
    expect(dashboard.job(locked.name).locator(".status")).to_have_text("Failed")
    page.get_by_role("link", name=locked.name, exact=True).click()
    expect(page.locator(".job-error")).to_contain_text("WRONG_PASSWORD")
    expect(page.locator(".job-head .primary")).to_have_text("Run with changes")
    page.get_by_role("link", name="Run with changes").click()
    expect(page.get_by_role("heading", name="New job")).to_be_focused()
    line = page.get_by_role("list", name="Files to send").get_by_role("listitem")
    expect(line).to_contain_text(f"{locked.name} kept by the service")
    expect(page.get_by_label("Name", exact=True)).to_have_value(locked.name)
    expect(page.get_by_label("Language of the scan")).to_have_value("de, en")
    expect(page.get_by_label("Include tables")).not_to_be_checked()
    expect(page.get_by_label("Password")).to_have_value("")
    expect(page.get_by_label("Password")).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".field-error").filter(has_text="password")).to_be_visible()
    page.get_by_label("Password").fill(" open sesame")
    page.get_by_role("button", name="Start").click()
    done = page.locator(".job[data-status=COMPLETED]").filter(has_text=locked.name)
    expect(done).to_have_count(1)
    query = "query ($id: ID!) { job(id: $id) { parameters results { ... on PdfResults { structuredData { extractedText } } } } }"
    job = caller.ask(query, id=done.get_attribute("data-id"))["job"]
    assert (job["parameters"]["language"], job["parameters"]["include_tables"]) == (["de", "en"], False)
    assert job["results"]["structuredData"]["extractedText"] == "Between us"
    start(dashboard)
    expect(page.get_by_role("list", name="Files to send").get_by_role("listitem")).to_have_count(0)


def test_a_job_that_may_complete_as_it_was_is_first_of_all_run_again(dashboard: Dashboard, caller: Caller):
    page = dashboard.page
    dashboard.open(f"/jobs/{caller.create(new_name('unfit'), 'unfit')}")
    expect(page.locator(".job-head .primary")).to_have_text("Run again")
    expect(page.get_by_role("link", name="Run with changes")).to_be_visible()


def test_a_form_that_begins_with_a_job_that_is_gone_is_empty(dashboard: Dashboard):
    start(dashboard, "/new?like=job-none")
    expect(dashboard.page.get_by_label("Name", exact=True)).to_have_value("")
    expect(dashboard.page.get_by_label("Method")).to_have_value("native")
