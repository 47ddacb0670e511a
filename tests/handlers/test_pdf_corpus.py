"""Real documents through the pdf job, held to what the engines were seen to find in them; skipped where they are not."""

import json
from pathlib import Path

import pytest

from secretary.errors import EncryptedFile, InvalidFile

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
MANIFEST = CORPUS / "manifest.json"
ENTRIES = json.loads(MANIFEST.read_text(encoding="utf-8"))["files"] if MANIFEST.is_file() else []

pytestmark = pytest.mark.skipif(not ENTRIES, reason="the corpus of real documents is not here")


@pytest.mark.parametrize("entry", [entry for entry in ENTRIES if "pages" in entry], ids=lambda entry: entry["file"])
def test_a_real_document_gives_what_is_known_to_be_in_it(job, entry):
    context = job(CORPUS / entry["file"])
    data = context.run(password=entry.get("password")).structured_data
    assert (data.metadata.page_count, data.metadata.sha256) == (entry["pages"], entry["sha256"])
    assert [page.page for page in data.metadata.text_contents] == list(range(1, entry["pages"] + 1))
    for page, characters in zip(data.metadata.text_contents, entry["native_characters"], strict=False):
        # There a line end was mostly two characters, and a word hyphenated at one had a mark.
        assert len(page.content) <= characters
        assert len(page.content) + page.content.count("\n") >= characters * 0.95
    assert _sizes(data.tables, len(entry.get("tables_rows_columns", []))) == entry.get("tables_rows_columns", [])


@pytest.mark.parametrize("entry", [entry for entry in ENTRIES if "pages" not in entry], ids=lambda entry: entry["file"])
def test_a_real_document_that_cannot_be_read_says_why(job, entry):
    with pytest.raises((EncryptedFile, InvalidFile)) as refusal:
        job(CORPUS / entry["file"]).run()
    assert refusal.value.message.startswith(entry["file"])


def _sizes(tables, pages):
    """Rows and columns of the tables of at least two of each on the first pages."""
    return [
        [
            [len(table.rows), len(table.rows[0])]
            for table in tables
            if table.page == number and min(len(table.rows), len(table.rows[0])) > 1
        ]
        for number in range(1, pages + 1)
    ]
