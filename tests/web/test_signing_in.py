"""The key: entered once, kept as long as the reader wants, and said to be wrong when it is."""

from playwright.sync_api import expect

from tests.installation import KEY
from tests.web.conftest import Caller, Dashboard, Open

KEPT = "[sessionStorage.getItem('secretary.key'), localStorage.getItem('secretary.key')]"


def refused(dashboard: Dashboard) -> None:
    """Chromium itself writes the status of a refused request to the console."""
    assert all("401" in said for said in dashboard.complaints), dashboard.complaints
    dashboard.complaints.clear()


def test_a_wrong_key_is_said_to_open_nothing_and_is_not_kept(opened: Open):
    dashboard = opened()
    dashboard.open()
    for wrong in ("sec_wrong", "ключ", "two words"):
        dashboard.sign_in(wrong)
        expect(dashboard.page.get_by_role("alert")).to_have_text("This key opens nothing here.")
        expect(dashboard.page.get_by_label("API key")).to_have_attribute("aria-invalid", "true")
        assert dashboard.page.evaluate(KEPT) == [None, None]
    dashboard.sign_in()
    expect(dashboard.page.get_by_role("heading", name="Jobs")).to_be_visible()
    refused(dashboard)


def test_a_key_is_kept_for_the_tab_and_given_up_by_signing_out(opened: Open):
    dashboard = opened()
    dashboard.open()
    dashboard.sign_in()
    expect(dashboard.page.get_by_role("heading", name="Jobs")).to_be_visible()
    assert dashboard.page.evaluate(KEPT) == [KEY, None]
    dashboard.page.reload()
    expect(dashboard.page.get_by_role("heading", name="Jobs")).to_be_visible()
    other = dashboard.page.context.new_page()
    other.goto(dashboard.base)
    expect(other.get_by_label("API key")).to_be_visible()
    dashboard.page.get_by_role("button", name="Sign out").click()
    expect(dashboard.page.get_by_label("API key")).to_be_focused()
    assert dashboard.page.evaluate(KEPT) == [None, None]
    assert all(KEY not in address for address in dashboard.asked)
    assert dashboard.page.context.cookies() == []


def test_a_remembered_key_opens_other_tabs_and_signing_out_of_one_signs_out_of_all(opened: Open):
    dashboard = opened()
    dashboard.open()
    dashboard.sign_in(keep=True)
    expect(dashboard.page.get_by_role("heading", name="Jobs")).to_be_visible()
    assert dashboard.page.evaluate(KEPT) == [None, KEY]
    other = dashboard.page.context.new_page()
    other.goto(dashboard.base)
    expect(other.get_by_role("heading", name="Jobs")).to_be_visible()
    other.get_by_role("button", name="Sign out").click()
    expect(dashboard.page.get_by_label("API key")).to_be_visible()


def test_a_key_revoked_meanwhile_leads_back_to_the_sign_in_with_the_reason(opened: Open, caller: Caller):
    created = caller.ask(
        'mutation { createApiKey(input: { userId: "rita" }) { ... on CreateApiKeyPayload { secret apiKey { id } } } }'
    )["createApiKey"]
    dashboard = opened()
    dashboard.open()
    dashboard.sign_in(created["secret"])
    expect(dashboard.page.locator(".connection-sign")).to_have_text("Live")
    caller.ask("mutation ($id: ID!) { revokeApiKey(id: $id) { __typename } }", id=created["apiKey"]["id"])
    reason = "Your key opens nothing here any more. Sign in with another one."
    expect(dashboard.page.get_by_role("alert")).to_have_text(reason)
    assert dashboard.page.evaluate(KEPT) == [None, None]
    refused(dashboard)
