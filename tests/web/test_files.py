"""The dashboard's files as a browser is given them: held to this host, sent again only when they changed, and none but those there."""

import re
from pathlib import Path

import httpx
import pytest

from secretary import web
from secretary.settings import Settings
from secretary.web.static_files import FOLDER, HEADERS, POLICY

NAMES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file())
TYPES = {".css": "text/css", ".html": "text/html", ".js": "text/javascript", ".svg": "image/svg+xml"}


async def test_the_page_and_each_of_its_files_need_no_key_and_hold_the_browser_to_this_host(client: httpx.AsyncClient):
    del client.headers["Authorization"]
    page = await client.get("/")
    assert (page.status_code, page.content) == (200, (FOLDER / "index.html").read_bytes())
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert len(NAMES) > 20
    for name in NAMES:
        file = await client.get(f"/web/{name}")
        assert (file.status_code, file.content) == (200, (FOLDER / name).read_bytes()), name
        assert file.headers["content-type"].startswith(TYPES[Path(name).suffix])
        assert file.headers["cache-control"] == "no-cache"
        for header, value in HEADERS.items():
            assert page.headers[header] == file.headers[header] == value


def test_the_policy_lets_nothing_run_that_is_not_a_file_of_this_server():
    assert "default-src 'none'" in POLICY
    assert "frame-ancestors 'none'" in POLICY
    assert not re.search(r"unsafe|http|\*", POLICY)
    page = (FOLDER / "index.html").read_text()
    assert not re.search(r"<style|<script(?![^>]* src=)|\sstyle=|\son\w+=|https?://", page)


def test_no_module_parses_markup():
    for name in (name for name in NAMES if name.endswith(".js")):
        code = (FOLDER / name).read_text()
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\(|new Function", code
        ), name


async def test_a_file_is_sent_again_only_when_it_has_changed(client: httpx.AsyncClient):
    first = await client.get("/web/main.js")
    assert first.headers["content-encoding"] == "gzip"
    again = await client.get("/web/main.js", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    plain = await client.get(
        "/web/main.js", headers={"Accept-Encoding": "identity", "If-None-Match": first.headers["etag"]}
    )
    assert (plain.status_code, "content-encoding" in plain.headers) == (200, False)
    assert plain.content == first.content == (FOLDER / "main.js").read_bytes()
    head = await client.head("/")
    assert (head.status_code, head.content) == (200, b"")


async def test_no_other_file_is_given(client: httpx.AsyncClient):
    for name in (
        "",
        "views",
        "nothing.js",
        "../__init__.py",
        "..%2f__init__.py",
        "%2e%2e/static_files.py",
        "/etc/passwd",
    ):
        response = await client.get(f"/web/{name}")
        assert (response.status_code, response.json()["error"]["code"]) == (404, "NOT_FOUND"), name


async def test_only_get_is_taken(client: httpx.AsyncClient):
    response = await client.post("/")
    assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD")


class TestSwitchedOff:
    """`SECRETARY_DASHBOARD=false`."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"dashboard": False})

    async def test_nothing_is_there(self, client: httpx.AsyncClient):
        for path in ("/", "/web/main.js"):
            assert (await client.get(path)).status_code == 404


class TestTrustedDocumentsOnly:
    """`SECRETARY_TRUSTED_DOCUMENTS_ONLY`: what the dashboard asks is trusted, and nothing else."""

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"trusted_documents_only": True})

    async def test_the_documents_of_the_dashboard_run(self, client: httpx.AsyncClient):
        [viewer] = [text for text in web.documents() if "query Viewer " in text]
        answer = (await client.post("/graphql", json={"query": viewer})).json()
        assert answer == {"data": {"viewer": {"userId": "ursula", "isAdmin": False}}}
        refused = (await client.post("/graphql", json={"query": "{ viewer { userId } }"})).json()
        assert refused["errors"][0]["extensions"]["code"] == "PERSISTED_QUERY_ONLY"
