"""For everybody: no violation that axe finds, in light and dark; by keyboard alone; on a phone; and as the reader wants it to look."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.missing import missing
from tests.web.conftest import Caller, Dashboard, Open, new_name

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
RUN = """async () => (await axe.run(document, { resultTypes: ["violations"] })).violations
    .map((each) => `${each.id}: ${each.nodes.map((node) => node.target).join(" | ")}`)"""


@pytest.fixture(scope="module")
def routes(caller: Caller) -> dict[str, str]:
    """Every view, with something in it."""
    name = new_name("looks")
    batch_id = caller.create_batch(f"{name} batch", 2)
    broken = caller.create(f"{name} broken", "broken")
    caller.create(f"{name} running", "sleep", seconds=90)
    return {
        "jobs": "/",
        "nothing": "/?name=of+that+name",
        "new": "/new",
        "new-text": "/new?type=transformer",
        "new-session": "/new?type=session",
        "new-plugin": "/new?type=sleep",
        "batches": "/batches",
        "batch": f"/batches/{batch_id}",
        "job": f"/jobs/{broken}",
        "templates": "/templates",
        "queue": "/queue",
        "no-batch": "/batches/batch-x",
        "not-found": "/nowhere",
    }


def violations(page: Page) -> list[str]:
    if not AXE.exists():
        missing("axe-core is not installed")
    page.evaluate(AXE.read_text())
    found = page.evaluate(RUN)
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_view(opened: Open, routes: dict[str, str], scheme: str):
    dashboard = opened(color_scheme=scheme)
    page = dashboard.page
    dashboard.open()
    expect(page.get_by_label("API key")).to_be_visible()
    found = {"sign-in": violations(page)}
    dashboard.sign_in()
    for name, route in routes.items():
        dashboard.open(route)
        expect(page.locator("main h1")).to_be_visible()
        expect(page.locator(".connection-sign")).to_have_text("Live")
        page.wait_for_timeout(300)
        found[name] = violations(page)
        dashboard.picture(f"{name}-{scheme}")
    dashboard.open()
    page.get_by_role("button", name="Delete").first.click()
    found["dialog"] = violations(page)
    assert {name: each for name, each in found.items() if each} == {}


@pytest.mark.parametrize("width", [320, 375, 768])
def test_nothing_is_wider_than_a_phone(opened: Open, routes: dict[str, str], width: int):
    dashboard = opened(width, 700, has_touch=True)
    page = dashboard.page
    dashboard.open()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    dashboard.sign_in()
    for name, route in routes.items():
        dashboard.open(route)
        expect(page.locator("main h1")).to_be_visible()
        page.wait_for_timeout(200)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        dashboard.picture(f"{name}-{width}")


def test_everything_is_done_by_keyboard_alone(opened: Open, caller: Caller):
    dashboard = opened()
    page, name = dashboard.page, new_name("keys")
    dashboard.open()
    expect(page.get_by_label("API key")).to_be_focused()
    page.keyboard.type(caller.key)
    page.keyboard.press("Enter")
    expect(page.locator(".connection-sign")).to_have_text("Live")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Skip to the content")).to_be_focused()
    expect(page.get_by_role("button", name="Skip to the content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    # The socket may be live before the view is there; until then Tab has nowhere to go.
    expect(page.get_by_role("link", name="New job")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="New job")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="New job")).to_be_focused()
    press_until(page, "Sleep", "Enter")
    press_until_label(page, "Name")
    page.keyboard.type(name)
    press_until_label(page, "Seconds")
    page.keyboard.press("Control+a")
    page.keyboard.type("60")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Jobs")).to_be_focused()
    expect(dashboard.job(name).locator(".status")).to_have_text("Running")
    press_until(page, name, None)
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("link", name=name, exact=True)).to_be_focused()
    press_until(page, f"Cancel {name}", "Enter")
    press_until(page, "Cancel the job", "Enter")
    expect(dashboard.job(name).locator(".status")).to_have_text("Cancelled")
    press_until(page, f"Delete {name}", "Enter")
    press_until(page, "Delete the job", "Enter")
    expect(dashboard.job(name)).to_have_count(0)
    assert page.evaluate("document.activeElement !== document.body")


NAME = "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent.trim()"
LABEL = "document.activeElement.labels?.[0]?.textContent"


def press_until(page: Page, name: str, then: str | None) -> None:
    """Press Tab until the focus is on what has this name."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(NAME) == name:
            break
    else:
        pytest.fail(f"Tab does not lead to {name}")
    if then:
        page.keyboard.press(then)


def press_until_label(page: Page, label: str) -> None:
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(LABEL) == label:
            return
    pytest.fail(f"Tab does not lead to {label}")


def test_light_and_dark_are_the_systems_until_the_reader_chooses(opened: Open):
    dashboard = opened(color_scheme="dark")
    page = dashboard.page
    dashboard.open()
    dashboard.sign_in()
    surface = "getComputedStyle(document.documentElement).backgroundColor"
    dark, light = "rgb(17, 21, 20)", "rgb(246, 247, 246)"
    assert page.evaluate(surface) == dark
    page.get_by_role("button", name="Light").click()
    expect(page.get_by_role("button", name="Light")).to_be_focused()
    assert page.evaluate(surface) == light
    page.reload()
    expect(page.get_by_role("button", name="Light")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate(surface) == light
    page.get_by_role("button", name="As the system").click()
    assert page.evaluate(surface) == dark
    page.emulate_media(color_scheme="light")
    assert page.evaluate(surface) == light
    page.get_by_role("button", name="Dark").click()
    assert page.evaluate(surface) == dark


def test_nothing_moves_for_who_wants_no_motion(opened: Open, routes: dict[str, str]):
    dashboard = opened(reduced_motion="reduce")
    dashboard.open()
    dashboard.sign_in()
    filled = dashboard.page.locator(".bar-filled").first
    expect(filled).to_be_attached()
    assert filled.evaluate("(node) => parseFloat(getComputedStyle(node).transitionDuration)") < 0.001


def test_the_title_says_where_one_is(dashboard: Dashboard, routes: dict[str, str]):
    expect(dashboard.page).to_have_title("Jobs · secretary")
    dashboard.open("/batches")
    expect(dashboard.page).to_have_title("Batches · secretary")
    dashboard.open("/nowhere")
    expect(dashboard.page.get_by_role("heading", name="There is nothing here")).to_be_focused()
