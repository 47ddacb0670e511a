"""What a pdf job gives back for documents that can be read."""

import hashlib
import json
import subprocess
import sys
from itertools import pairwise

import pytest
from PIL import Image

from tests.documents_made import (
    CATALOG,
    FONT,
    content,
    grid_pdf,
    long_pdf,
    page,
    scan_pdf,
    sized_pdf,
    table_pdf,
    text_pdf,
    written_pdf,
)

MENU = [["Dish", "Price"], ["Soup", "4.50"], ["Fish", "12.00"]]


def test_text_of_every_page_is_read(tmp_path, job):
    source = text_pdf(tmp_path / "minutes.pdf", "First page\nsecond line", "Last page")
    data = job(source).run().structured_data
    assert [(page.page, page.content, page.method, page.confidence) for page in data.metadata.text_contents] == [
        (1, "First page\nsecond line", "native", None),
        (2, "Last page", "native", None),
    ]
    assert data.extracted_text == "First page\nsecond line\n\nLast page"


def test_text_whose_fonts_do_not_say_what_they_draw_is_told_of(tmp_path, job):
    mapping = "1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfchar <78> <fffd> endbfchar"
    source = written_pdf(
        tmp_path / "a.pdf",
        CATALOG,
        "<< /Type /Pages /Kids [3 0 R 6 0 R] /Count 2 >>",
        page(4, 5),
        content("Some xxxx words"),
        FONT.replace(" >>", " /ToUnicode 8 0 R >>"),
        page(7, 5),
        content(f"One x in a page {'full of words ' * 5}"),
        f"<< /Length {len(mapping)} >>\nstream\n{mapping}\nendstream",
    )
    context = job(source)
    assert context.run().structured_data.metadata.text_contents[0].content == "Some \ufffd\ufffd\ufffd\ufffd words"
    [warning] = context.warnings
    assert warning == (
        "Page 1: characters without a meaning, as their font does not say what they are; "
        "extraction_method combined reads them by OCR."
    )


def test_metadata_tells_of_the_document_and_its_file(tmp_path, job):
    source = text_pdf(tmp_path / "minutes.pdf", "Hello", title="Minutes of May", author="A. Clerk", subject="Budget")
    metadata = job(source).run().structured_data.metadata
    assert (metadata.title, metadata.author, metadata.subject) == ("Minutes of May", "A. Clerk", "Budget")
    assert (metadata.page_count, metadata.pdf_version, metadata.encrypted) == (1, "1.3", False)
    assert metadata.creation_date == "2000-01-01T00:00:00Z"
    assert metadata.file_size == source.stat().st_size
    assert metadata.sha256 == hashlib.sha256(source.read_bytes()).hexdigest()


def test_an_encrypted_document_opens_with_its_password(tmp_path, job):
    source = text_pdf(tmp_path / "secret.pdf", "Between us", password="sesame")
    data = job(source).run(password="sesame").structured_data
    assert (data.extracted_text, data.metadata.encrypted) == ("Between us", True)


def test_a_table_in_an_encrypted_document_is_read_with_the_same_password(tmp_path, job):
    source = table_pdf(tmp_path / "menu.pdf", MENU, password="sesame")
    assert [table.rows for table in job(source).run(password="sesame").structured_data.tables] == [MENU]


def test_a_password_that_is_not_needed_does_no_harm(tmp_path, job):
    assert job(text_pdf(tmp_path / "a.pdf", "Open")).run(password="x").structured_data.extracted_text == "Open"


def test_a_page_range_reads_these_pages_and_still_counts_all(tmp_path, job):
    source = text_pdf(tmp_path / "a.pdf", "one", "two", "three", "four")
    context = job(source)
    data = context.run(page_start=2, page_end=3).structured_data
    assert [(page.page, page.content) for page in data.metadata.text_contents] == [(2, "two"), (3, "three")]
    assert data.metadata.page_count == 4
    assert [message for step, _, message in context.reports if step == "extracting_text"] == [
        "Page 2 (1 of 2)",
        "Page 3 (2 of 2)",
    ]


def test_the_page_limit_counts_the_pages_asked_for(tmp_path, job):
    source = text_pdf(tmp_path / "a.pdf", "one", "two", "three")
    assert job(source, max_pages=2).run(page_start=2).structured_data.extracted_text == "two\n\nthree"


def test_tables_are_found_on_the_pages_that_have_them(tmp_path, job):
    source = table_pdf(tmp_path / "menu.pdf", MENU, [["a", "b"], ["c", "d"]], text_pages_before=2)
    tables = job(source).run().structured_data.tables
    assert [(table.page, table.rows) for table in tables] == [(3, MENU), (4, [["a", "b"], ["c", "d"]])]


def test_tables_of_many_pages_are_all_found(tmp_path, job):
    source = table_pdf(tmp_path / "long.pdf", *[[["n", str(number)], ["x", "y"]] for number in range(45)])
    tables = job(source).run().structured_data.tables
    assert [(table.page, table.rows[0][1]) for table in tables] == [(number + 1, str(number)) for number in range(45)]


def test_tables_are_read_without_loading_the_second_reader(tmp_path):
    source = table_pdf(tmp_path / "menu.pdf", MENU)
    program = (
        "import sys, pathlib; from tests.handlers import kept_context\n"
        "kept = kept_context.KeptContext(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))\n"
        "results = kept.run()\n"
        "print(len(results.structured_data.tables), 'pdfplumber' in sys.modules, 'pdfminer' in sys.modules)\n"
    )
    (tmp_path / "out").mkdir()
    told = subprocess.run(
        [sys.executable, "-c", program, str(source), str(tmp_path / "out")],
        env={"PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split() == ["1", "False", "False"]


def test_without_tables_none_are_looked_for(tmp_path, job):
    context = job(table_pdf(tmp_path / "menu.pdf", MENU))
    assert context.run(include_tables=False).structured_data.tables == []
    assert context.produced() == ["menu.json", "menu.md"]


def test_each_table_is_a_file_too(tmp_path, job):
    context = job(table_pdf(tmp_path / "menu.pdf", MENU, text_pages_before=1))
    context.run()
    assert context.produced() == ["menu.json", "menu.md", "tables/page-0002-table-1.csv"]
    written = (context.directory / "tables/page-0002-table-1.csv").read_bytes()
    assert written == b"Dish,Price\r\nSoup,4.50\r\nFish,12.00\r\n"


def test_a_drawing_of_too_many_lines_is_not_searched_for_tables(tmp_path, job):
    context = job(grid_pdf(tmp_path / "drawing.pdf", 110))
    data = context.run().structured_data
    assert (data.extracted_text, data.tables) == ("A fine grid", [])
    assert context.warnings == ["Page 1: too many lines to look for tables."]


def test_the_markdown_file_holds_title_pages_and_tables(tmp_path, job):
    context = job(
        table_pdf(tmp_path / "menu.pdf", [["Dish", "Pr|ce"], ["Soup", "4"]], text_pages_before=1, title="Menu")
    )
    context.run()
    assert (context.directory / "menu.md").read_text(encoding="utf-8") == (
        "# Menu\n"
        "\n<!-- page 1 -->\n"
        "\nNothing but text on page 1\n"
        "\n<!-- page 2 -->\n"
        "\nA table follows\n"
        "\n| Dish | Pr\\|ce |\n| --- | --- |\n| Soup | 4 |\n"
    )


def test_without_markdown_text_and_tables_are_the_same_and_no_such_file_is_written(tmp_path, job):
    source = table_pdf(tmp_path / "menu.pdf", MENU, text_pages_before=1, title="Menu")
    context = job(source)
    data = context.run(include_markdown=False).structured_data
    assert data == job(source).run().structured_data
    assert [table.rows for table in data.tables] == [MENU]
    assert context.produced() == ["menu.json", "tables/page-0002-table-1.csv"]
    assert context.warnings == []


def test_pictures_do_not_need_the_markdown_file(tmp_path, job):
    context = job(text_pdf(tmp_path / "a.pdf", "one"))
    results = context.run(include_markdown=False, include_tables=False, include_images=True)
    assert results.structured_data.extracted_text == "one"
    assert context.produced() == ["a.json", "images/page-0001.jpg", "previews/page-0001.jpg"]


def test_a_damaged_document_is_read_without_markdown_too(tmp_path, job):
    whole = text_pdf(tmp_path / "whole.pdf", "What can be found").read_bytes()
    (tmp_path / "cut.pdf").write_bytes(whole[: whole.rindex(b"xref")])
    context = job(tmp_path / "cut.pdf")
    assert context.run(include_markdown=False).structured_data.extracted_text == "What can be found"
    assert context.produced() == ["cut.json"]


def test_a_document_without_title_is_called_by_its_file(tmp_path, job):
    context = job(written_pdf(tmp_path / "Größe 7.pdf", *_one_page("Hello")))
    context.run()
    assert (context.directory / "Größe-7.md").read_text(encoding="utf-8").splitlines()[0] == "# Größe 7"


def test_the_json_file_holds_the_structured_data(tmp_path, job):
    context = job(table_pdf(tmp_path / "menu.pdf", MENU))
    data = context.run().structured_data
    assert json.loads((context.directory / "menu.json").read_text(encoding="utf-8")) == data.model_dump(mode="json")


def test_only_two_files_are_produced_without_images(tmp_path, job):
    context = job(text_pdf(tmp_path / "a.pdf", "Hello"))
    assert context.run().assets == []
    assert context.produced() == ["a.json", "a.md"]


def test_images_and_previews_of_each_page_are_drawn(tmp_path, job):
    context = job(text_pdf(tmp_path / "a.pdf", "one", "two"))
    assets = context.run(include_images=True).assets
    assert assets == [
        "images/page-0001.jpg",
        "previews/page-0001.jpg",
        "images/page-0002.jpg",
        "previews/page-0002.jpg",
    ]
    assert context.produced() == sorted([*assets, "a.json", "a.md"])
    sizes = []
    for asset in assets[:2]:
        with Image.open(context.directory / asset) as picture:
            picture.load()
            sizes.append((picture.format, picture.size))
    assert sizes == [("JPEG", (1239, 1754)), ("JPEG", (360, 509))]


def test_images_show_what_is_on_the_page(tmp_path, job):
    context = job(scan_pdf(tmp_path / "grey.pdf"))
    context.run(include_images=True)
    with Image.open(context.directory / "images/page-0001.jpg") as picture:
        assert picture.convert("L").getpixel((600, 900)) == 200


def test_huge_pages_are_drawn_within_the_limits(tmp_path, job):
    context = job(sized_pdf(tmp_path / "posters.pdf", (14_400, 14_400), (14_400, 20)))
    for asset in context.run(include_images=True).assets:
        with Image.open(context.directory / asset) as picture:
            width, height = picture.size
        assert max(width, height) <= 4_000
        assert width * height <= 16_000_000


def test_steps_follow_the_contract_with_one_report_a_page(tmp_path, job):
    context = job(text_pdf(tmp_path / "a.pdf", "one", "two", "three"))
    context.run(include_images=True)
    assert context.reports == [
        ("initializing", 0, "Starting"),
        ("reading_file", 10, "Reading the file"),
        ("extracting_text", 30, "Page 1 of 3"),
        ("extracting_text", 40, "Page 2 of 3"),
        ("extracting_text", 50, "Page 3 of 3"),
        ("processing_images", 60, "Page 1 of 3"),
        ("processing_images", 66, "Page 2 of 3"),
        ("processing_images", 73, "Page 3 of 3"),
        ("finalizing", 90, "Writing the results"),
    ]


def test_without_images_their_step_is_not_reported(tmp_path, job):
    context = job(text_pdf(tmp_path / "a.pdf", *["page"] * 70))
    context.run()
    percents = [percent for _, percent, _ in context.reports]
    assert [step for step, _, _ in context.reports] == [
        "initializing",
        "reading_file",
        *["extracting_text"] * 70,
        "finalizing",
    ]
    assert all(before <= after for before, after in pairwise(percents))
    assert percents[-2:] == [59, 90]


def test_a_scan_completes_with_a_warning(tmp_path, job):
    context = job(scan_pdf(tmp_path / "scan.pdf", pages=2))
    data = context.run().structured_data
    assert (data.extracted_text, [page.content for page in data.metadata.text_contents]) == ("", ["", ""])
    assert context.warnings == [
        "No page has text of its own; it may be a scan, which extraction_method combined reads."
    ]


def test_a_bad_page_is_left_out_and_named(tmp_path, job):
    pages_tree = "<< /Type /Pages /Kids [3 0 R 98 0 R 99 0 R 3 0 R] /Count 4 >>"
    context = job(written_pdf(tmp_path / "hurt.pdf", CATALOG, pages_tree, page(4, 5), content("fine"), FONT))
    data = context.run(include_images=True).structured_data
    assert [entry.page for entry in data.metadata.text_contents] == [1, 4]
    assert data.metadata.page_count == 4
    assert context.warnings == [
        "Pages 2-3: not readable, left out of the results.",
        "Pages 2-3: no image could be made.",
    ]


def test_a_document_that_lost_its_page_tree_is_read_by_the_second_reader(tmp_path, job):
    objects = ("<< /Type /Catalog /Pages 77 0 R >>", "null", page(4, 5), content("found again"), FONT)
    context = job(written_pdf(tmp_path / "lost.pdf", *objects))
    results = context.run(include_images=True)
    assert (results.structured_data.extracted_text, results.assets) == ("found again", [])
    assert context.warnings == [
        "lost.pdf is damaged; only the text that could be found in it was read.",
        "Page 1: no image could be made.",
    ]


def test_a_cut_document_gives_the_pages_that_are_left(tmp_path, job):
    whole = written_pdf(tmp_path / "whole.pdf", *_one_page("what is left"), "(lost)").read_bytes()
    source = tmp_path / "cut.pdf"
    source.write_bytes(whole[: whole.index(b"6 0 obj")])
    context = job(source)
    assert context.run().structured_data.extracted_text == "what is left"
    assert context.warnings == ["cut.pdf is damaged; only the text that could be found in it was read."]


@pytest.mark.parametrize("characters", [1, *range(16_347, 16_355), 40_000])
def test_a_page_of_any_length_is_read_whole(tmp_path, job, characters):
    data = job(long_pdf(tmp_path / "long.pdf", characters, "the end")).run(include_tables=False).structured_data
    first, last = (page.content for page in data.metadata.text_contents)
    assert first.replace("\n", "") == "x" * characters
    assert last == "the end"


def test_texts_over_the_limits_are_cut_in_the_results_and_go_on_in_the_markdown_file(tmp_path, job):
    context = job(long_pdf(tmp_path / "long.pdf", 2_000_100, "the end"))
    data = context.run(include_tables=False).structured_data
    assert [len(entry.content) for entry in data.metadata.text_contents] == [2_000_000, 0]
    assert data.extracted_text == data.metadata.text_contents[0].content
    assert context.warnings == [
        "Page 1: more than 2,000,000 characters, the rest was left out.",
        "The text is longer than 2,000,000 characters: extracted_text holds its beginning, long.md the whole text.",
    ]
    assert (context.directory / "long.md").read_text(encoding="utf-8").endswith("<!-- page 2 -->\n\n## the end\n")


def test_of_a_text_that_is_cut_without_a_markdown_file_is_said_how_to_get_the_whole(tmp_path, job):
    context = job(long_pdf(tmp_path / "long.pdf", 2_000_100, "the end"))
    context.run(include_tables=False, include_markdown=False)
    assert context.warnings[-1] == (
        "The text is longer than 2,000,000 characters: extracted_text holds its beginning; "
        "with include_markdown a file holds the whole text."
    )
    assert context.produced() == ["long.json"]


def test_nothing_unstorable_reaches_the_results(tmp_path, job):
    title = "<FEFF0041000000422028D800>"  # A, NUL, B, a line separator, half a surrogate pair
    context = job(
        written_pdf(tmp_path / "odd.pdf", *_one_page("Hello"), f"<< /Title {title} >>", trailer="/Info 6 0 R")
    )
    results = context.run()
    assert results.structured_data.metadata.title == "A�B �"
    assert "\0" not in results.model_dump_json()


def _one_page(text: str) -> tuple[str, ...]:
    return CATALOG, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page(4, 5), content(text), FONT
