"""What README and docs name exists, and what exists and matters to readers is named: codes, settings, routes, commands, metrics, links."""

import re
import shlex
import subprocess
from pathlib import Path

import httpx
import pytest

import secretary.errors
from secretary.errors import ErrorCode, JobFailure, Refusal, SecretaryError
from secretary.job_types import load_job_types
from secretary.settings import PREFIX, Settings
from tests.docs.blocks import PAGES, ROOT
from tests.docs.commands import _ROOT as COMMANDS
from tests.docs.commands import assert_command_exists

DOCS = ROOT / "docs"
CLASSES = [
    found
    for found in vars(secretary.errors).values()
    if isinstance(found, type) and issubclass(found, SecretaryError) and "code" in vars(found)
]
# Letters and underscores that are neither codes nor settings.
OTHER_WORDS = {
    "PERSISTED_QUERY_NOT_FOUND",
    "PERSISTED_QUERY_ONLY",
    "BAD_USER_INPUT",
    "GRAPHQL_PARSE_FAILED",
    "GRAPHQL_VALIDATION_FAILED",
}


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def without_blocks(text: str) -> str:
    return re.sub(r"^(`{3,}).*?^\1", "", text, flags=re.MULTILINE | re.DOTALL)


def rows(page: Path, heading: str) -> list[list[str]]:
    """The cells of the first table below a heading."""
    below = text_of(page).partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return [
        [cell.strip() for cell in line.strip("|").split(" | ")] for line in below.splitlines() if line.startswith("| `")
    ]


def test_every_error_code_is_explained_with_the_status_it_has() -> None:
    calls = {code.strip("| `"): int(status) for code, status, _ in rows(DOCS / "errors.md", "Of calls")}
    of_calls = {found.code: found.http_status for found in CLASSES if issubclass(found, Refusal)}
    assert calls == {**of_calls, "INTERNAL": 500}
    jobs = {code.strip("| `"): again for code, again, _ in rows(DOCS / "errors.md", "Of jobs")}
    again = {}
    for found in CLASSES:
        if issubclass(found, JobFailure):
            again.setdefault(found.code.value, set()).add(found.transient)
    said = {frozenset({False}): "no", frozenset({True}): "yes", frozenset({True, False}): "where it can help"}
    assert jobs == {code: said[frozenset(found)] for code, found in again.items()}
    assert calls.keys() | jobs.keys() == set(ErrorCode)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_code_and_setting_that_a_page_names_exists(page: Path) -> None:
    text = text_of(page)
    settings = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    # Variables of the command line and of scripts are no settings; they are known where they are read.
    sources = "\n".join(
        path.read_text() for path in [*(ROOT / "secretary" / "cli").glob("*.py"), ROOT / "scripts" / "test"]
    )
    named = set(re.findall(rf"\b{PREFIX}[A-Z][A-Z_]+[A-Z]\b", text))
    assert {name for name in named - settings if not re.search(rf"\b{name}\b", sources)} == set()
    codes = set(re.findall(r"`([A-Z]{3,}(?:_[A-Z]+)+)`", text)) - settings - OTHER_WORDS
    assert {code for code in codes if not code.startswith((PREFIX, "AWS_"))} - set(ErrorCode) == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_a_page_names_exists(page: Path) -> None:
    text = text_of(page)
    named = re.findall(r"`secretary ([^`\n]*)`", text) + re.findall(
        r"(?:^|[\n;&|] *|= )secretary ([a-z][^\n&|;#]*)", text
    )
    for words in named:
        # In running text `FILE…` and `[--option]` stand for what is given.
        given = re.sub(r"[\[\]…]", " ", words).replace("'", "")
        first = given.split(",")[0]
        assert_command_exists(["secretary", *shlex.split(first)], f"{page.name}: `secretary {words}`")


def test_every_command_is_in_the_readme() -> None:
    text = text_of(ROOT / "README.md")
    missing = [name for name in COMMANDS.commands if not re.search(rf"`(secretary )?{name}\b", text)]
    assert missing == []


async def test_every_route_is_described_and_every_described_one_is_there(client: httpx.AsyncClient) -> None:
    described = {
        (method, path.rstrip("/")) for method, path in re.findall(r"`([A-Z]+) (/\S*)`", text_of(DOCS / "rest.md"))
    }
    paths = (await client.get("/api/openapi.json")).json()["paths"]
    there = {(method.upper(), path.rstrip("/")) for path, methods in paths.items() for method in methods}
    assert described == there


def test_every_job_type_and_parameter_is_described() -> None:
    text = text_of(DOCS / "job-types.md")
    for name in ("pdf", "transformer", "session"):
        section = text.partition(f"\n## `{name}`\n")[2].partition("\n## ")[0]
        parameters = set(load_job_types().get(name).parameters.model_fields)
        table = section.partition("| parameter |")[2].partition("\n\n")[0]
        described = set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE))
        assert described == parameters, name


def test_every_script_that_the_readme_names_is_there() -> None:
    named = set(re.findall(r"`bash (scripts/\w+)", text_of(ROOT / "README.md")))
    assert named == {f"scripts/{name}" for name in ("bench", "check", "scan", "schema", "test")}
    for script in named:
        subprocess.run(["bash", "-n", script], cwd=ROOT, check=True)


def test_every_metric_is_described() -> None:
    text = text_of(DOCS / "operating.md")
    sources = "\n".join(text_of(ROOT / "secretary" / name) for name in ("rest/metrics.py", "graphql/figures.py"))
    metrics = set(re.findall(r'"(secretary_\w+)"', sources))
    assert len(metrics) > 10
    assert {name for name in metrics if f"`{name}" not in text} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    text = without_blocks(text_of(page))
    for target in re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'(?:src|srcset|href)="([^"]+)"', text):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), f"{page.name}: {target}"
        if anchor:
            assert anchor in anchors(text_of(file)), f"{page.name}: {target}"


def anchors(text: str) -> set[str]:
    """What headings are called in links, as GitHub makes it."""
    headings = re.findall(r"^#+ (.+)$", without_blocks(text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
