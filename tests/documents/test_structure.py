"""What is made of the lines on a page: paragraphs, lists, headings' sizes, and tables in their place."""

import pytest
from reportlab.pdfgen.canvas import Canvas

from secretary.documents.blocks import Block, Kind
from secretary.documents.page_content import PageContent
from tests.documents.laid_out import Written, column, laid_out, read, shown
from tests.documents_made import CATALOG, FONT, page, written_pdf

FULL = "These words are here so that the line is as long as the lines of this column are"


def blocks(tmp_path, *lines, **page):
    return read(laid_out(tmp_path / "a.pdf", *lines, **page)).blocks


def test_lines_of_a_paragraph_are_joined_and_a_wider_gap_ends_it(tmp_path):
    lines = [*column(f"{FULL} and", f"{FULL} or", "the end"), *column("Another one", down=160)]
    assert shown(blocks(tmp_path, *lines)) == [f"{FULL} and {FULL} or the end", "Another one"]


def test_an_indented_line_after_a_sentence_begins_a_paragraph(tmp_path):
    lines = [*column(f"{FULL}.", down=100), *column(FULL, down=112, x=90), *column(f"{FULL}.", down=124)]
    assert shown(blocks(tmp_path, *lines)) == [f"{FULL}.", f"{FULL} {FULL}."]


def test_short_lines_stay_apart_as_in_an_address(tmp_path):
    lines = [*column("Ada Lovelace", "12 St James's Square", "London"), *column(FULL, FULL, down=160)]
    assert shown(blocks(tmp_path, *lines))[:3] == ["Ada Lovelace", "12 St James's Square", "London"]


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        (f"{FULL} docu-", "ments", f"{FULL} documents"),
        (f"{FULL} CO-", "CREATION", f"{FULL} CO-CREATION"),
        (f"{FULL} 12-", "14", f"{FULL} 12-14"),
        (f"{FULL} -", "so", f"{FULL} - so"),
    ],
)
def test_words_broken_at_a_line_end_are_joined(tmp_path, first, second, joined):
    assert shown(blocks(tmp_path, *column(first, f"{second} {FULL}"))) == [f"{joined} {FULL}"]


def test_columns_are_read_one_after_the_other(tmp_path):
    short = "Words that fill the left of two"
    left = column(*[short] * 3, f"{short} columns", x=72)
    right = column(*["go on at the right of the page"] * 3, "to its end.", x=320)
    assert shown(blocks(tmp_path, *left, *right)) == [
        " ".join([short] * 4 + ["columns"] + ["go on at the right of the page"] * 3 + ["to its end."])
    ]


def test_lists_are_read_with_their_marks_and_depth(tmp_path):
    lines = [
        *column("These are asked for:"),
        Written(112, "\u2022", x=80),
        Written(112, f"{FULL} and", x=92),
        Written(124, "its end", x=92),
        Written(136, "\u2022 within", x=100),
        Written(148, "\u2022 without", x=80),
        *column("1. first", "2. second", down=180),
        *column("Page 3. That is all", down=230),
    ]
    read_blocks = blocks(tmp_path, *lines)
    assert shown(read_blocks) == [
        "These are asked for:",
        f"- {FULL} and its end",
        "- within",
        "- without",
        "1. first",
        "2. second",
        "Page 3. That is all",
    ]
    assert [block.depth for block in read_blocks] == [0, 0, 1, 0, 0, 0, 0]


def test_a_number_in_the_middle_of_a_sentence_begins_no_list(tmp_path):
    lines = column(f"{FULL} Table", f"1. {FULL}")
    assert shown(blocks(tmp_path, *lines)) == [f"{FULL} Table 1. {FULL}"]


def test_sizes_and_weights_are_those_of_the_letters_as_seen(tmp_path):
    lines = [
        Written(100, "Heading", size=18, font="Helvetica-Bold"),
        *column(FULL, f"{FULL}.", down=130),
        Written(190, "Behind a scan", mode=3),
    ]
    assert [(block.size, block.bold) for block in blocks(tmp_path, *lines)] == [(18, True), (10, False), (0, False)]


def test_rows_of_a_table_without_lines_stay_apart(tmp_path):
    lines = [
        Written(100 + 12 * row, f"{name:20}{price}", font="Courier")
        for row, (name, price) in enumerate([("Soup", "4.50"), ("Fish", "12.00")])
    ]
    wide = [piece for row in (200, 212) for piece in (Written(row, "Soup"), Written(row, "4.50", x=400))]
    assert [" ".join(text.split()) for text in shown(blocks(tmp_path, *lines, *wide))][-2:] == ["Soup 4.50"] * 2


def test_text_outside_the_page_is_not_read(tmp_path):
    lines = [Written(400, "inside", x=310), Written(100, "outside", x=10)]
    assert shown(blocks(tmp_path, *lines, cropBox=(300, 300, 500, 500))) == ["inside"]


def test_a_table_stands_in_its_place_and_its_text_only_there(tmp_path):
    cells = [Written(130 + 20 * row, f"r{row}c{col}", x=80 + 100 * col) for row in range(2) for col in range(2)]
    text = [Written(100, "Above"), Written(200, "Below")]
    reading = read(laid_out(tmp_path / "a.pdf", *cells, *text, grids=[((72, 172, 272), (115, 135, 155))]))
    assert shown(reading.blocks) == ["Above", "[table 0]", "Below"]
    assert reading.tables == [[["r0c0", "r0c1"], ["r1c0", "r1c1"]]]
    assert reading.text.count("r1c1") == 1


def test_without_blocks_text_and_tables_are_the_same(tmp_path):
    cells = [Written(130 + 20 * row, f"r{row}c{col}", x=80 + 100 * col) for row in range(2) for col in range(2)]
    source = laid_out(tmp_path / "a.pdf", *cells, Written(100, "Above"), grids=[((72, 172, 272), (115, 135, 155))])
    whole, bare = read(source), read(source, blocks=False)
    assert (bare.text, bare.tables, bare.blocks) == (whole.text, whole.tables, [])
    assert shown(whole.blocks) == ["Above", "[table 0]"]


def test_text_in_frames_is_read_as_text_beside_the_rows_of_the_frame(tmp_path):
    framed = [*column(f"{FULL} and", "the end", down=130, x=80), *column("Note", down=180, x=80)]
    grids = [((72, 500), (115, 160, 200)), ((72, 172, 272), (315, 335, 355))]
    reading = read(laid_out(tmp_path / "a.pdf", *framed, Written(330, "cell", x=80), grids=grids))
    assert shown(reading.blocks) == [f"{FULL} and the end", "Note", "[table 1]"]
    assert reading.tables == [[[f"{FULL} and\nthe end"], ["Note"]], [["cell", ""], ["", ""]]]


def test_tables_are_counted_from_the_top_whatever_order_they_are_drawn_in(tmp_path):
    lines = [Written(330, "lower", x=80), Written(130, "upper", x=80)]
    grids = [((72, 172, 272), (315, 335, 355)), ((72, 172, 272), (115, 135, 155))]
    reading = read(laid_out(tmp_path / "a.pdf", *lines, grids=grids))
    assert shown(reading.blocks) == ["[table 0]", "[table 1]"]
    assert [table[0][0] for table in reading.tables] == ["upper", "lower"]


def test_a_cell_that_spans_others_leaves_their_places_empty(tmp_path):
    lines = [Written(130, "wide", x=80), Written(150, "a", x=80), Written(150, "b", x=180)]
    grids = [((72, 272), (115, 135, 155)), ((72, 172, 272), (135, 155, 175))]
    assert read(laid_out(tmp_path / "a.pdf", *lines, grids=grids)).tables == [
        [["wide", None], ["a", "b"], ["", ""]],
    ]


def test_lines_in_a_cell_are_read_from_the_top_down(tmp_path):
    lines = [Written(150, "second line", x=80), Written(138, "first", x=80), Written(138, "line", x=110)]
    grids = [((72, 172, 272), (120, 160, 180))]
    assert read(laid_out(tmp_path / "a.pdf", *lines, grids=grids)).tables[0][0][0] == "first line\nsecond line"


def test_text_that_runs_up_a_cell_is_read_as_it_was_written(tmp_path):
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=(595, 842), invariant=True)
    canvas.grid((72, 92, 192), (600, 700, 720))
    canvas.drawString(100, 650, "level")
    canvas.rotate(90)
    canvas.drawString(610, -86, "Upright words")
    canvas.save()
    assert read(tmp_path / "a.pdf").tables == [[["", ""], ["Upright words", "level"]]]


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_turned_page_is_read_as_it_is_seen(tmp_path, rotation):
    """The page is drawn upright and then turned, so its first row comes to stand at another side."""
    lines = [Written(430, "a", x=80), Written(430, "b", x=180), Written(450, "c", x=80), Written(450, "d", x=180)]
    reading = read(laid_out(tmp_path / "a.pdf", *lines, grids=[((72, 172, 272), (415, 435, 455))], rotation=rotation))
    assert (
        reading.tables
        == {
            90: [[["c", "a"], ["d", "b"]]],
            180: [[["d", "c"], ["b", "a"]]],
            270: [[["b", "d"], ["a", "c"]]],
        }[rotation]
    )


def test_an_empty_form_is_a_table_and_an_empty_drawing_is_none(tmp_path):
    form = ((72, 172, 272), (115, 135, 155))
    logo = ((72, 76, 80), (400, 404, 408))
    reading = read(laid_out(tmp_path / "a.pdf", grids=[form, logo]))
    assert reading.tables == [[["", ""], ["", ""]]]
    assert reading.blocks == []


def test_a_drawing_of_too_many_lines_keeps_its_text(tmp_path):
    places = [20 + 5 * index for index in range(110)]
    reading = read(laid_out(tmp_path / "a.pdf", Written(700, "A fine grid"), grids=[(places, places)]))
    assert (shown(reading.blocks), reading.tables, reading.is_too_dense) == (["A fine grid"], [], True)


def test_a_page_of_more_lines_than_can_be_looked_at_keeps_its_text(tmp_path):
    drawn = f"BT /F1 1 Tf 1.2 TL 0 29000 Td {'(ab) Tj T* ' * 20_100} ET"
    stream = f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream"
    tree = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    tall = page(4, 5).replace("595 842", "595 29000")
    reading = read(written_pdf(tmp_path / "a.pdf", CATALOG, tree, tall, stream, FONT))
    assert sum(block.text.count("ab") for block in reading.blocks) == 20_100
    assert max(len(block.text) for block in reading.blocks) <= 20_010
    assert reading.is_too_dense


def test_characters_of_two_halves_are_whole_in_blocks_and_cells(tmp_path):
    """`a` is a face and `b` two letters, as the font's map says."""
    pairs = "2 beginbfchar <61> <D83DDE00> <62> <00660066> endbfchar"
    codes = f"begincmap 1 begincodespacerange <00> <FF> endcodespacerange {pairs} endcmap"
    drawn = "BT /F1 12 Tf 72 700 Td (ab c) Tj 0 -100 Td (ba) Tj ET 60 590 40 20 re 100 590 40 20 re 60 570 40 20 re S"
    drawn += " 100 570 40 20 re S"
    path = written_pdf(
        tmp_path / "a.pdf",
        CATALOG,
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page(4, 5),
        f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
        FONT.replace(" >>", " /ToUnicode 6 0 R >>"),
        f"<< /Length {len(codes)} >>\nstream\n{codes}\nendstream",
    )
    reading = read(path)
    assert shown(reading.blocks) == ["\U0001f600ff c", "[table 0]"]
    assert reading.tables == [[["ff\U0001f600", ""], ["", ""]]]


def test_blocks_cross_the_pipe_to_page_workers():
    block = Block(Kind.NUMBERED, "text", 9.5, bold=True, depth=1, mark="3.")
    content = PageContent(text="text", blocks=[block])
    assert PageContent.model_validate(content.model_dump(mode="json")).blocks == [block]
