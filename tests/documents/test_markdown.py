"""The Markdown that a pdf job leaves."""

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from secretary.documents.blocks import Block, Kind
from secretary.documents.markdown import MarkdownFile, markdown_table
from secretary.results.pdf import PdfTable

CELLS = st.none() | st.text()
BODY = "Usual words of a text that is long enough to tell what size most letters have."


def written(tmp_path, *pages, title="Title"):
    """What stands behind the title, each page given as its blocks and tables."""
    with MarkdownFile(tmp_path / "a.md", title) as markdown:
        for number, (blocks, tables) in enumerate(pages, 1):
            markdown.add_page(number, blocks, tables)
    text = (tmp_path / "a.md").read_bytes().decode()
    head = f"# {title}\n"
    assert text.startswith(head)
    return text.removeprefix(head)


def text_block(text, size=10.0, **more):
    return Block(Kind.TEXT, text, size, **more)


def test_a_page_stands_under_its_marker_with_its_tables_in_their_place(tmp_path):
    blocks = [text_block("Before"), Block(Kind.TABLE, table=0), text_block("After")]
    table = PdfTable(page=1, rows=[["a", None], ["b", "c"]])
    assert written(tmp_path, (blocks, [table]), ([], []), title="Größe") == (
        "\n<!-- page 1 -->\n\nBefore\n\n| a |  |\n| --- | --- |\n| b | c |\n\nAfter\n\n<!-- page 2 -->\n"
    )


def test_larger_and_bolder_letters_make_headings(tmp_path):
    blocks = [
        text_block("Twice the size", 20.0),
        text_block("A little larger", 12.0),
        text_block("Bold", bold=True),
        text_block(f"{BODY} {BODY} {BODY}"),
        text_block(f"{BODY} Larger.", 12.0),
        text_block("Small and bold", 8.0, bold=True),
        text_block("12", 20.0),
        Block(Kind.NUMBERED, "Counted", 12.0, mark="1."),
    ]
    assert written(tmp_path, (blocks, [])).split("\n\n")[1:] == [
        "## Twice the size",
        "### A little larger",
        "#### Bold",
        f"{BODY} {BODY} {BODY}",
        f"{BODY} Larger.",
        "Small and bold",
        "12",
        "### 1. Counted\n",
    ]


def test_the_first_pages_wait_for_the_size_of_most_letters(tmp_path):
    cover = [text_block("The Book", 30.0)]
    assert "\n## The Book\n" in written(tmp_path, (cover, []), ([text_block(BODY)], []))


def test_in_a_document_of_bold_letters_bold_is_no_heading(tmp_path):
    blocks = [text_block(BODY, bold=True), text_block("Bold", bold=True)]
    assert "#" not in written(tmp_path, (blocks, []))


def test_text_without_sizes_has_no_headings(tmp_path):
    assert "#" not in written(tmp_path, ([text_block("A", 0.0), text_block(BODY, 0.0)], []))


def test_lists_keep_their_numbers_and_their_depth(tmp_path):
    blocks = [
        text_block("These:"),
        Block(Kind.BULLET, "one"),
        Block(Kind.BULLET, "within", depth=1),
        Block(Kind.NUMBERED, "first", mark="7."),
        Block(Kind.NUMBERED, "second", mark="8."),
        text_block("After"),
    ]
    assert written(tmp_path, (blocks, [])) == (
        "\n<!-- page 1 -->\n\nThese:\n\n- one\n    - within\n\n7. first\n8. second\n\nAfter\n"
    )


def test_an_unfinished_file_is_closed_when_the_job_fails(tmp_path):
    try:
        with MarkdownFile(tmp_path / "a.md", "Title") as markdown:
            markdown.add_page(1, [text_block("never written")], [])
            raise KeyError
    except KeyError:
        assert (tmp_path / "a.md").read_text() == "# Title\n"


def test_short_rows_are_filled_up():
    assert markdown_table([["a"], ["b", "c"]]) == "| a |  |\n| --- | --- |\n| b | c |"


def test_a_table_without_cells_is_nothing():
    assert markdown_table([]) == ""
    assert markdown_table([[]]) == ""


@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=4))
def test_any_table_is_read_back_cell_by_cell(rows):
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(markdown_table(rows))
    cells = [token for token in tokens if token.type in ("th_open", "td_open")]
    assert [token.type for token in tokens].count("tr_open") == len(rows)
    assert len(cells) == len(rows) * max(map(len, rows))
