"""The live lists: what moves, comes and goes in them, how they are narrowed, and what can be done from them."""

import re

from playwright.sync_api import expect

from tests.web.conftest import Caller, Dashboard, Open, new_name


def test_a_job_that_another_caller_starts_appears_moves_and_goes_when_it_is_deleted(
    dashboard: Dashboard, caller: Caller
):
    name = new_name("sleeper")
    job_id = caller.create(name, "sleep", seconds=3)
    line = dashboard.job(name)
    expect(line.locator(".status")).to_have_text("Running")
    seen = {int(line.get_by_role("progressbar").get_attribute("aria-valuenow") or 0)}
    while line.locator(".status").inner_text() == "Running":
        seen.add(int(line.get_by_role("progressbar").get_attribute("aria-valuenow") or 0))
    assert len(seen) > 3
    expect(line.locator(".status")).to_have_text("Completed")
    caller.delete(job_id)
    expect(line).to_have_count(0)


def test_a_job_is_cancelled_run_again_and_deleted_from_its_line(dashboard: Dashboard, caller: Caller):
    page, name = dashboard.page, new_name("long")
    job_id = caller.create(name, "sleep", seconds=60)
    line = dashboard.job(name)
    expect(line.locator(".status")).to_have_text("Running")
    page.get_by_role("button", name=f"Cancel {name}").click()
    page.get_by_role("button", name="Keep it").click()
    assert caller.status(job_id) == "PROCESSING"
    page.get_by_role("button", name=f"Cancel {name}").click()
    page.get_by_role("button", name="Cancel the job").click()
    expect(line.locator(".status")).to_have_text("Cancelled")
    page.get_by_role("button", name=f"Retry {name}").click()
    expect(line.locator(".status")).to_have_text("Running")
    page.get_by_role("button", name=f"Delete {name}").click()
    page.keyboard.press("Escape")
    assert caller.status(job_id) == "PROCESSING"
    page.get_by_role("button", name=f"Delete {name}").click()
    page.get_by_role("button", name="Delete the job").click()
    expect(line).to_have_count(0)
    assert caller.status(job_id) is None


def test_the_list_is_narrowed_by_status_type_batch_and_name_and_the_address_says_how(
    dashboard: Dashboard, caller: Caller
):
    page, word = dashboard.page, new_name("find")
    batch_id = caller.create_batch(f"{word} batch", 2)
    caller.create(f"{word} broken", "broken")
    caller.create(f"{word} noop")
    for name in (f"{word} noop", f"{word} batch 1"):
        expect(dashboard.job(name).locator(".status")).to_have_text("Completed")
    expect(dashboard.job(f"{word} broken").locator(".status")).to_have_text("Failed")
    lines = page.locator(".job")
    page.get_by_label("Search by name").fill(word.upper())
    expect(lines).to_have_count(4)
    page.get_by_role("button", name="Failed").click()
    expect(lines).to_have_count(1)
    expect(page.locator("#job-count")).to_have_text("1 job")
    page.get_by_role("button", name="Failed").click()
    page.get_by_label("Type").select_option("broken")
    expect(lines).to_have_count(1)
    page.get_by_label("Type").select_option("")
    page.reload()
    page.get_by_label("Batch").select_option(batch_id)
    expect(lines).to_have_count(2)
    assert page.evaluate("location.hash") == f"#/?name={word.upper()}&batch={batch_id}"
    page.get_by_label("Search by name").fill("nothing of that name")
    expect(page.get_by_text("No job matches.")).to_be_visible()


def test_a_batch_without_a_name_is_offered_as_it_is_called_elsewhere(dashboard: Dashboard, caller: Caller):
    batch_id = caller.create_batch(None, 1)
    dashboard.page.reload()
    offered = dashboard.page.get_by_label("Batch").locator(f"option[value='{batch_id}']")
    # With its time, as several may have one name.
    expect(offered).to_have_text(re.compile(rf"^Batch {batch_id[-8:]}, \d+ \w+ \d{{4}}, \d\d:\d\d:\d\d$"))


def test_a_job_leaves_the_list_with_the_status_that_was_asked_for(dashboard: Dashboard, caller: Caller):
    name = new_name("leaves")
    dashboard.open("/?status=PENDING&status=PROCESSING")
    dashboard.page.get_by_role("button", name="Running").wait_for()
    caller.create(name, "sleep", seconds=5)
    expect(dashboard.job(name)).to_have_count(1)
    expect(dashboard.job(name)).to_have_count(0)


def test_the_next_pages_follow_when_one_comes_to_the_end(dashboard: Dashboard, caller: Caller):
    page, name = dashboard.page, new_name("pages")
    batch_id = caller.create_batch(name, 230)
    dashboard.open(f"/?batch={batch_id}")
    expect(page.locator("#job-count")).to_have_text("230 jobs")
    for _ in range(3):
        page.locator(".job").last.scroll_into_view_if_needed()
        page.wait_for_timeout(300)
    expect(page.locator(".job")).to_have_count(230)
    names = page.locator(".job-name").all_text_contents()
    assert names == [f"{name} {index}" for index in reversed(range(230))]
    expect(page.get_by_role("button", name="Show more")).to_be_hidden()


def test_a_batch_has_one_bar_and_is_cancelled_and_run_again_as_a_whole(dashboard: Dashboard, caller: Caller):
    page, name = dashboard.page, new_name("batch")
    dashboard.open("/batches")
    expect(page.get_by_role("heading", name="Batches")).to_be_focused()
    caller.create_batch(name, 6, "sleep", seconds=20)
    page.get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", name=name)).to_be_focused()
    expect(page.locator(".batch-counts")).to_contain_text("running")
    bar = page.get_by_role("progressbar", name=f"Progress of {name}", exact=True)
    expect(bar).not_to_have_attribute("aria-valuenow", "0")
    page.get_by_role("button", name="Cancel all").click()
    page.get_by_role("button", name="Cancel the batch").click()
    expect(page.locator(".batch-counts")).to_have_text("6 cancelled")
    expect(page.locator(".job .status").filter(has_text="Cancelled")).to_have_count(6)
    page.get_by_role("button", name="Run failed and cancelled again").click()
    expect(page.locator(".batch-counts")).to_contain_text("running")
    page.get_by_role("button", name="Cancel all").click()
    page.get_by_role("button", name="Cancel the batch").click()
    expect(page.locator(".batch-counts")).to_have_text("6 cancelled")


def test_the_live_region_tells_ends_and_not_each_step(dashboard: Dashboard, caller: Caller):
    page, name = dashboard.page, new_name("told")
    page.evaluate(
        """() => {
            window.told = [];
            const region = document.querySelector("[role=status]");
            new MutationObserver(() => window.told.push(region.textContent)).observe(region, { childList: true, characterData: true });
        }"""
    )
    # So slow that the page hears of it before its end: only of what it saw running an end is told.
    caller.create(name, "sleep", seconds=3)
    page.wait_for_function("(name) => window.told.some((each) => each.includes(`${name}: completed`))", arg=name)
    assert len(page.evaluate("window.told")) <= 5


def test_another_owner_sees_only_its_own_jobs(opened: Open, caller: Caller):
    name = new_name("private")
    caller.create(name)
    created = caller.ask(
        'mutation { createApiKey(input: { userId: "olga" }) { ... on CreateApiKeyPayload { secret } } }'
    )
    dashboard = opened()
    dashboard.open()
    dashboard.sign_in(created["createApiKey"]["secret"])
    expect(dashboard.page.get_by_text("No jobs yet.")).to_be_visible()


def test_a_batch_that_completed_without_all_of_its_jobs_does_not_look_whole(dashboard: Dashboard, caller: Caller):
    page, name = dashboard.page, new_name("mixed")
    jobs = [{"job": {"custom": {"jobType": each, "parameters": {}}}} for each in ("noop", "broken")]
    mutation = "mutation ($input: CreateBatchInput!) { createBatch(input: $input) { __typename } }"
    caller.ask(mutation, input={"name": name, "jobs": jobs})
    dashboard.open("/batches")
    line = page.locator(".batch").filter(has=page.get_by_role("link", name=name))
    expect(line.locator(".status")).to_have_text("Partly done")
    expect(line.locator(".batch-counts")).to_have_text("1 completed1 failed")
    expect(line.get_by_role("progressbar")).to_have_attribute("aria-valuetext", "100 %, partly done")
    page.get_by_role("link", name=name).click()
    expect(page.locator(".batch-head .status, .view-header .status").first).to_have_text("Partly done")
