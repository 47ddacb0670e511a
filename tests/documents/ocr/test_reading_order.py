"""Lines found on a picture are put in the order they are read in."""

from secretary.documents.ocr.reading_order import Line, in_reading_order


def line(text: str, left: float, top: float, width: float = 300, height: float = 20) -> Line:
    return Line(left, top, left + width, top + height, text, 0.9)


def order(*lines: Line) -> str:
    return " ".join(found.text for found in in_reading_order(lines))


def test_lines_of_one_column_are_read_downwards() -> None:
    assert order(line("c", 50, 90), line("a", 50, 30), line("b", 50, 60)) == "a b c"


def test_columns_are_read_one_after_the_other() -> None:
    left = [line(f"l{row}", 50, 30 * row) for row in range(1, 4)]
    right = [line(f"r{row}", 400, 30 * row + 3) for row in range(1, 4)]
    assert order(*(part for pair in zip(right, left, strict=True) for part in pair)) == "l1 l2 l3 r1 r2 r3"


def test_a_headline_and_a_footer_over_two_columns_frame_them() -> None:
    columns = [line(f"{side}{row}", left, 40 * row) for row in (2, 3) for side, left in (("l", 50), ("r", 400))]
    head, foot = line("head", 50, 20, width=650), line("foot", 50, 200, width=650)
    assert order(foot, *columns, head) == "head l2 l3 r2 r3 foot"


def test_pieces_of_one_line_are_read_from_left_to_right() -> None:
    assert order(line("b", 200, 32, width=100), line("a", 50, 30, width=145), line("c", 305, 28, width=90)) == "a b c"


def test_nothing_and_one_line_have_no_order() -> None:
    assert order() == ""
    assert order(line("a", 0, 0)) == "a"
