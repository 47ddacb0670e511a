"""The Markdown of real documents: what a parser of Markdown finds in it; skipped where the documents are not."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
OURS = {"paragraph", "heading", "bullet_list", "ordered_list", "list_item", "table", "thead", "tbody", "tr", "th", "td"}

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real documents is not here")


@pytest.fixture
def markdown(job):
    def of(name):
        context = job(CORPUS / name)
        context.run(include_images=name.startswith("sample"))
        return next(context.directory.glob("*.md")).read_text(encoding="utf-8")

    return of


@pytest.mark.parametrize(
    "name",
    ["plumber-federal-register-2020-17221.pdf", "docling-redp5110_sampled.pdf", "sample-pdflatex-outline.pdf"],
)
def test_nothing_but_our_own_structure_is_in_it(markdown, name):
    tokens = PARSER.parse(markdown(name))
    blocks = {token.type.removesuffix("_open").removesuffix("_close") for token in tokens}
    assert blocks <= {*OURS, "inline", "html_block"}
    html = [token.content for token in tokens if token.type == "html_block"]
    assert all(re.fullmatch(r"<!-- page \d+ -->\n?", content) for content in html)
    inline = [child for token in tokens for child in token.children or []]
    assert {child.type for child in inline} <= {"text", "text_special", "html_inline", "image"}
    assert {child.content for child in inline if child.type == "html_inline"} <= {"<br>"}


def test_a_paper_of_two_columns_is_read_in_order(markdown):
    text = markdown("sample-multicolumn.pdf")
    assert [line for line in text.splitlines() if line.startswith("#")][:5] == [
        "# sample-multicolumn",
        "## Two-Column Document with Lorem Ipsum",
        "### Your Name",
        "### January 3, 2024",
        "### Abstract",
    ]
    beginnings = ["Lorem ipsum dolor", "Nam dui ligula", "Nulla malesuada", "Quisque ullamcorper", "Fusce mauris"]
    places = [text.index(f"\n{beginning}") for beginning in beginnings]
    assert all(before < after for before, after in pairwise(places))
