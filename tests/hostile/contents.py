"""Pages that make their reader work for ever, or go in circles."""

from tests.hostile.writing import bomb, one_page, packed, pages_of, stream, text

_FORM = "/Type /XObject /Subtype /Form /BBox [0 0 612 792]"


def forms_that_double() -> bytes:
    """A form that draws a form twice, and so on: 2^28 drawings."""
    levels = 28
    forms = []
    for level in range(levels):
        last = level == levels - 1
        resources = "" if last else f"/Resources << /XObject << /X {7 + level} 0 R >> >>"
        forms.append(stream(b"0 0 m 1 1 l S" if last else b"/X Do /X Do", f"{_FORM} {resources}"))
    return one_page(stream(b"/X Do"), "/XObject << /X 6 0 R >>", *forms)


def form_that_draws_itself() -> bytes:
    form = stream(b"/X Do BT /F1 9 Tf (again) Tj ET", f"{_FORM} /Resources << /XObject << /X 6 0 R >> >>")
    return one_page(stream(b"/X Do"), "/XObject << /X 6 0 R >>", form)


def millions_of_lines() -> bytes:
    return one_page(packed(b"0 0 m 600 700 l S " * 1_000_000, times=2))


def millions_of_saved_states() -> bytes:
    return one_page(bomb(32, b"q "))


def millions_of_letters() -> bytes:
    return one_page(packed(b"BT /F1 1 Tf 1 0 0 1 9 9 Tm " + b"(" + b"word " * 600_000 + b") Tj ET", times=2))


def operands_beyond_numbers() -> bytes:
    wild = b"BT /F1 1e308 Tf 99999999999999999999999999 -1e999 Td 0 0 0 0 0 0 Tm (x) Tj ET 1e38 1e38 -1e38 1e38 re f"
    return one_page(stream(wild + b" 1e30 0 0 1e30 0 0 cm 1e30 w 0 0 m 1 1 l S"))


def deeply_nested_arrays() -> bytes:
    return one_page(packed(b"[" * 500_000 + b"]" * 500_000 + b" TJ BT /F1 12 Tf 72 700 Td (after) Tj ET", times=2))


def dashes_too_small_to_see() -> bytes:
    return one_page(stream(b"[0.00001 0.00001] 0 d 1 w " + b"0 0 m 612 792 l 0 792 l 612 0 l S " * 100))


def tiles_too_small_to_see() -> bytes:
    pattern = stream(
        b"0 0 0.001 0.001 re f",
        "/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 .01 .01] /XStep .001 /YStep .001 "
        "/Resources << >>",
    )
    return one_page(
        stream(b"/Pattern cs /P scn 0 0 600 700 re f"), "/Font << /F1 5 0 R >> /Pattern << /P 6 0 R >>", pattern
    )


def function_of_many_samples() -> bytes:
    function = stream(
        b"\0" * 100,
        "/FunctionType 0 /Domain [0 1 0 1 0 1 0 1] /Range [0 1 0 1 0 1] /Size [60000 60000 60000 60000] /BitsPerSample 32",
    )
    shading = b"<< /ShadingType 1 /ColorSpace /DeviceRGB /Function 7 0 R /Domain [0 1e9 0 1e9] >>"
    return one_page(stream(b"/S sh"), "/Shading << /S 6 0 R >>", shading, function)


def groups_within_groups() -> bytes:
    levels = 400
    group = "/Group << /S /Transparency /I true /K true >>"
    forms = []
    for level in range(levels):
        resources = f"/Resources << /XObject << /X {7 + level} 0 R >> /ExtGState << /G << /ca 0.5 >> >> >>"
        drawing = b"0 0 m 9 9 l S" if level == levels - 1 else b"/G gs /X Do"
        forms.append(stream(drawing, f"{_FORM} {group} {resources}"))
    return one_page(stream(b"/X Do"), "/XObject << /X 6 0 R >>", *forms)


def letter_that_writes_itself() -> bytes:
    font = (
        b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [1 0 0 1 0 0] /FirstChar 97 /LastChar 97 "
        b"/Widths [9] /Encoding << /Differences [97 /a] >> /CharProcs << /a 7 0 R >> "
        b"/Resources << /Font << /T 6 0 R >> >> >>"
    )
    letter = stream(b"9 0 d0 BT /T 9 Tf (aaaa) Tj ET")
    return one_page(stream(b"BT /T 9 Tf 9 9 Td (aaaa) Tj ET"), "/Font << /T 6 0 R >>", font, letter)


def huge_character_map() -> bytes:
    """A kilobyte that maps four thousand million codes, on a page with a table so that each reader looks at it."""
    lines = " ".join(f"{x} 100 m {x} 400 l S 100 {x} m 400 {x} l S" for x in (100, 200, 300, 400))
    font = b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [7 0 R] /ToUnicode 8 0 R >>"
    descendant = b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo << /Registry (A) /Ordering (I) /Supplement 0 >> >>"
    ranges = b"\n".join(b"<00000000> <FFFFFFFF> <0041>" for _ in range(40))
    cmap = stream(
        b"begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange\n40 beginbfrange\n"
        + ranges
        + b"\nendbfrange endcmap"
    )
    content = stream(f"{lines} BT /T 12 Tf 110 110 Td <00410042> Tj ET".encode())
    return one_page(content, "/Font << /T 6 0 R >>", font, descendant, cmap)


def many_annotations() -> bytes:
    annotation = b"<< /Type /Annot /Subtype /Square /Rect [0 0 600 700] /AP << /N 7 0 R >> >>"
    look = stream(b"0 0 600 700 re f " * 20, _FORM)
    refs = " ".join(["6 0 R"] * 50_000)
    return one_page(text("noted"), "/Font << /F1 5 0 R >>", annotation, look, more=f"/Annots [{refs}]")


def one_page_that_takes_for_ever() -> bytes:
    """Three pages of which the second takes very long and little memory to read."""
    return pages_of(text("before"), packed(b"0 0 m 600 700 l S " * 1_000_000, times=2), text("after"))
