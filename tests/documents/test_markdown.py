"""The Markdown that a pdf job leaves."""

import re

from hypothesis import example, given
from hypothesis import strategies as st

from secretary.documents.markdown import MarkdownFile, markdown_cell, markdown_table
from secretary.results.pdf import PdfTable

CELLS = st.none() | st.text()


def test_pages_stand_under_their_marker_with_their_tables_after_the_text(tmp_path):
    with MarkdownFile(tmp_path / "a.md", "Größe") as markdown:
        markdown.add_page(3, "Text\n", [PdfTable(page=3, rows=[["a", None], ["b", "c"]])])
        markdown.add_page(4, "", [])
    assert (tmp_path / "a.md").read_bytes().decode() == (
        "# Größe\n\n<!-- page 3 -->\n\nText\n\n| a |  |\n| --- | --- |\n| b | c |\n\n<!-- page 4 -->\n"
    )


def test_short_rows_are_filled_up():
    assert markdown_table([["a"], ["b", "c"]]) == "| a |  |\n| --- | --- |\n| b | c |"


def test_a_table_without_cells_is_nothing():
    assert markdown_table([]) == ""
    assert markdown_table([[]]) == ""


def test_line_ends_within_a_cell_are_kept_as_breaks():
    assert markdown_cell("two\n lines ") == "two<br>lines"


@given(CELLS)
@example("a|b\\|c\\")
@example("\u2028|\x1c")
def test_any_cell_stays_one_cell_on_one_line(text):
    cell = markdown_cell(text)
    assert len(cell.splitlines()) <= 1
    assert re.fullmatch(r"(?:[^\\|]|\\[\\|])*", cell)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=4))
def test_any_table_has_as_many_cells_in_each_line(rows):
    lines = markdown_table(rows).split("\n")
    widths = {len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) - 1 for line in lines}
    assert len(lines) == len(rows) + 1
    assert widths == {max(map(len, rows))}
