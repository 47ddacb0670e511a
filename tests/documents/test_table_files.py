"""Tables as CSV files."""

import csv

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from secretary.documents.plain_text import plain
from secretary.documents.table_files import TableFiles, safe_cell, write_table
from secretary.results.pdf import PdfTable

CELLS = st.none() | st.text().map(plain)


def test_each_table_is_a_file_named_by_its_page_and_number(tmp_path):
    files = TableFiles(tmp_path)
    files.add_page(2, [])
    assert not (tmp_path / "tables").exists()
    files.add_page(3, [PdfTable(page=3, rows=[["a"]]), PdfTable(page=3, rows=[["b"]])])
    assert sorted(path.name for path in (tmp_path / "tables").iterdir()) == [
        "page-0003-table-1.csv",
        "page-0003-table-2.csv",
    ]


def test_a_file_is_written_as_rfc_4180_says(tmp_path):
    write_table(tmp_path / "a.csv", [["Größe", None, 'say "a"'], ["1,5", "two\nlines", ""]])
    assert (tmp_path / "a.csv").read_bytes() == 'Größe,,"say ""a"""\r\n"1,5","two\nlines",\r\n'.encode()


@pytest.mark.parametrize("formula", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+cmd", "\t=1", " =1", "-A1"])
def test_what_a_spreadsheet_would_run_is_text(formula):
    assert safe_cell(formula) == f"'{formula}"


@pytest.mark.parametrize("text", ["-5", "+49 30 123", "-1,234.50", "- 12 %", "-", "a=b", "5-3", "", "'=1", "(-3)"])
def test_numbers_and_other_text_stay_as_they_are(text):
    assert safe_cell(text) == text


@given(st.lists(st.lists(CELLS, min_size=1, max_size=3), min_size=1, max_size=3))
@example([[None], [""], ["\n"]])
@example([['"'], [","], ["\u2028"]])
def test_any_table_is_read_back_cell_by_cell(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("tables") / "a.csv"
    write_table(path, rows)
    with path.open(encoding="utf-8", newline="") as file:
        read = list(csv.reader(file))
    assert [row or [""] for row in read] == [[safe_cell(cell or "") for cell in row] for row in rows]
