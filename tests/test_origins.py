"""Pages of other origins: asked before any key, let in where the operator named them and nowhere else, and never to the figures."""

import json
from collections.abc import AsyncIterator
from contextlib import suppress

import httpx
import pytest
import websockets

from secretary.settings import Settings
from secretary.store import Store
from tests.conftest import USER_KEY
from tests.graphql.conftest import opened_socket
from tests.rest.conftest import nothing_created

PAGE = "http://localhost:5173"
STRANGER = "https://elsewhere.example"
GRAPHQL = {"query": "{ viewer { userId } }"}
KEY = {"Authorization": f"Bearer {USER_KEY}"}
# What the pages of this service's users send beside what browsers send to anybody.
SENT = [
    "authorization",
    "x-secretary-api-key",
    "content-type",
    "idempotency-key",
    "last-event-id",
    "apollo-require-preflight",
    "graphql-preflight",
]


@pytest.fixture
def origins() -> tuple[str, ...]:
    return ("https://app.example", PAGE)


@pytest.fixture
def settings(settings: Settings, origins: tuple[str, ...]) -> Settings:
    return settings.model_copy(update={"cors_origins": origins})


@pytest.fixture
async def browser(base_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """Without a key, as preflights are."""
    async with httpx.AsyncClient(base_url=base_url, trust_env=False) as opened:
        yield opened


async def preflight(
    browser: httpx.AsyncClient, path: str, method: str = "POST", origin: str = PAGE, **more: str
) -> httpx.Response:
    asked = {"Origin": origin, "Access-Control-Request-Method": method, **more}
    return await browser.options(path, headers=asked)


def names(response: httpx.Response, header: str) -> set[str]:
    return {name.strip().lower() for name in response.headers[f"access-control-{header}"].split(",")}


async def test_a_preflight_is_answered_without_a_key(browser: httpx.AsyncClient):
    for path, method in (
        ("/graphql", "POST"),
        ("/graphql", "GET"),
        ("/api/jobs/", "POST"),
        ("/api/jobs/job-1", "DELETE"),
        ("/api/jobs/job-1/files/document.md", "HEAD"),
    ):
        answer = await preflight(browser, path, method, **{"Access-Control-Request-Headers": ",".join(SENT)})
        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, PAGE), (path, method)
        assert method.lower() in names(answer, "allow-methods")
        assert set(SENT) <= names(answer, "allow-headers")
        assert "access-control-allow-credentials" not in answer.headers
        assert answer.headers["x-request-id"].startswith("request-")
    near = await preflight(browser, "/graphql", **{"Access-Control-Request-Private-Network": "true"})
    assert (near.status_code, near.headers["access-control-allow-private-network"]) == (200, "true")


async def test_a_named_page_may_read_answers_and_refusals(browser: httpx.AsyncClient):
    for headers, status in ((KEY, 200), ({}, 401)):
        for answer in (
            await browser.post("/graphql", json=GRAPHQL, headers={"Origin": PAGE, **headers}),
            await browser.get("/api/jobs", headers={"Origin": PAGE, **headers}),
        ):
            assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (status, PAGE)
            assert "Origin" in answer.headers["vary"]
            read = {"x-request-id", "etag", "content-disposition", "retry-after"}
            assert read <= names(answer, "expose-headers")


async def test_another_page_may_ask_and_read_nothing(browser: httpx.AsyncClient, store: Store):
    for path in ("/graphql", "/api/jobs/"):
        for origin in (STRANGER, "null", "http://localhost:5174", "https://app.example.evil.example"):
            refused = await preflight(browser, path, origin=origin)
            assert (refused.status_code, refused.text) == (400, "Disallowed CORS origin")
            assert "access-control-allow-origin" not in refused.headers
            answer = await browser.post(path, json={}, headers={"Origin": origin})
            assert "access-control-allow-origin" not in answer.headers
            assert "Origin" in answer.headers["vary"]
    for asked in ({"Access-Control-Request-Headers": "x-other"}, {"Access-Control-Request-Method": "PATCH"}):
        assert (await preflight(browser, "/api/jobs/", **asked)).status_code == 400
    assert await nothing_created(store)


async def opens_a_socket(base_url: str, origin: str) -> bool:
    """Whether the key is accepted; a page that may not gets no socket at all."""
    with suppress(websockets.InvalidStatus):
        async with opened_socket(base_url, origin=origin) as socket:
            await socket.send(type="connection_init", payload={"apiKey": USER_KEY})
            return (await socket.receive())["type"] == "connection_ack"
    return False


async def test_sockets_are_for_the_same_pages(base_url: str):
    opened = {origin: await opens_a_socket(base_url, origin) for origin in (PAGE, base_url, STRANGER, "null")}
    assert opened == {PAGE: True, base_url: True, STRANGER: False, "null": False}


async def test_figures_that_need_no_key_here_are_for_no_page(browser: httpx.AsyncClient):
    answer = await browser.get("/metrics", headers={"Origin": PAGE})
    assert (answer.status_code, "access-control-allow-origin" in answer.headers) == (200, False)
    assert (await preflight(browser, "/metrics", "GET")).status_code == 405


async def test_who_is_no_page_of_another_origin_is_answered_as_ever(browser: httpx.AsyncClient):
    answer = await browser.post("/graphql", json=GRAPHQL, headers=KEY)
    assert answer.json() == {"data": {"viewer": {"userId": "ursula"}}}
    assert not [header for header in answer.headers if header.startswith("access-control-")]
    options = await browser.options("/api/jobs/", headers={"Origin": PAGE})
    assert (options.status_code, options.json()["error"]["code"]) == (405, "METHOD_NOT_ALLOWED")


class TestEveryPage:
    """`SECRETARY_CORS_ORIGINS=*`."""

    @pytest.fixture
    def origins(self) -> tuple[str, ...]:
        return ("*",)

    async def test_any_page_is_let_in_with_a_key(self, browser: httpx.AsyncClient):
        for origin in (STRANGER, "null"):
            asked = await preflight(browser, "/graphql", origin=origin)
            assert (asked.status_code, asked.headers["access-control-allow-origin"]) == (200, "*")
            answer = await browser.post("/graphql", json=GRAPHQL, headers={"Origin": origin, **KEY})
            assert (answer.json()["data"], answer.headers["access-control-allow-origin"]) == (
                {"viewer": {"userId": "ursula"}},
                "*",
            )
            assert "access-control-allow-credentials" not in answer.headers
            assert await opens_a_socket(str(browser.base_url), origin)


class TestNoPage:
    """Nothing set, as the service comes."""

    @pytest.fixture
    def origins(self) -> tuple[str, ...]:
        return ()

    async def test_no_page_of_another_origin_is_let_in(self, browser: httpx.AsyncClient):
        assert (await preflight(browser, "/graphql")).status_code == 405
        assert (await preflight(browser, "/api/jobs/")).status_code == 405
        answer = await browser.post("/graphql", content=json.dumps(GRAPHQL), headers={"Origin": PAGE, **KEY})
        assert not [header for header in answer.headers if header.startswith("access-control-")]
        assert not await opens_a_socket(str(browser.base_url), PAGE)
