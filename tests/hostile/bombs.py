"""Small files that are large inside."""

from tests.hostile.writing import CATALOG, FONT, MEGABYTE, bomb, one_page, packed, page, pages_of, stream, text, written


def content_unpacks_to_too_much() -> bytes:
    return one_page(bomb(1024))


def one_bomb_among_good_pages() -> bytes:
    """Five pages of which the third unpacks to too much."""
    good = [text(f"good page {number}") for number in range(1, 6)]
    return pages_of(*good[:2], bomb(1024), *good[3:])


def text_unpacks_to_too_much() -> bytes:
    return one_page(bomb(256, b"BT /F1 1 Tf (aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa) Tj ET\n "))


def font_file_unpacks_to_too_much() -> bytes:
    font = b"<< /Type /Font /Subtype /TrueType /BaseFont /X /FontDescriptor 6 0 R /FirstChar 32 /LastChar 32 /Widths [1] >>"
    descriptor = b"<< /Type /FontDescriptor /FontName /X /Flags 4 /FontFile2 7 0 R >>"
    return written(
        CATALOG,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page(),
        text("in a huge font"),
        font,
        descriptor,
        bomb(1024, b"\0"),
    )


def colour_profile_unpacks_to_too_much() -> bytes:
    content = stream(b"/CS cs 0.5 0.5 0.5 sc 0 0 600 700 re f BT /F1 12 Tf 72 700 Td (profile) Tj ET")
    return one_page(content, "/Font << /F1 5 0 R >> /ColorSpace << /CS [/ICCBased 6 0 R] >>", bomb(1024, b"\0", "/N 3"))


def object_stream_unpacks_to_too_much() -> bytes:
    head = b"7 0 8 10 " + b" " * 7
    packed_objects = bomb(1024, b" ", f"/Type /ObjStm /N 2 /First {len(head)}")
    return one_page(text("beside a huge object stream"), "/Font << /F1 5 0 R >> /X 7 0 R", packed_objects)


def hundred_filters() -> bytes:
    data = b"q Q " * 1000
    content = stream(data.hex().encode() + b">", "/Filter [" + "/ASCIIHexDecode " * 100 + "]")
    return one_page(content)


def predictor_of_a_billion_columns() -> bytes:
    entries = "/DecodeParms << /Predictor 12 /Columns 1000000000 /Colors 32 /BitsPerComponent 16 >>"
    return one_page(packed(b"\2" * 1000, entries))


def giant_image() -> bytes:
    """Nothing but a size: 2.5 gigapixels of grey."""
    return _image("/Width 50000 /Height 50000 /ColorSpace /DeviceGray /BitsPerComponent 8", packed_bytes=100)


def giant_image_with_all_its_bytes() -> bytes:
    entries = "/Type /XObject /Subtype /Image /Width 20000 /Height 20000 /ColorSpace /DeviceRGB /BitsPerComponent 8"
    return one_page(stream(b"q 600 0 0 700 0 0 cm /I Do Q"), "/XObject << /I 6 0 R >>", bomb(1144, b"\x7f", entries))


def giant_fax() -> bytes:
    entries = "/Width 65000 /Height 65000 /ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /CCITTFaxDecode"
    more = "/DecodeParms << /K -1 /Columns 65000 /Rows 65000 >>"
    content = stream(b"q 600 0 0 700 0 0 cm /I Do Q")
    image = stream(b"\0" * 2000, f"/Type /XObject /Subtype /Image {entries} {more}")
    return one_page(content, "/XObject << /I 6 0 R >>", image)


def image_whose_mask_is_itself() -> bytes:
    return _image(
        "/Width 100 /Height 100 /ColorSpace /DeviceGray /BitsPerComponent 8 /SMask 6 0 R", packed_bytes=10_000
    )


def huge_title() -> bytes:
    title = b"<< /Title (" + b"A" * (4 * MEGABYTE) + b") >>"
    return written(
        CATALOG,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page(),
        text("a long title"),
        FONT,
        title,
        trailer="/Info 6 0 R",
    )


def _image(entries: str, packed_bytes: int) -> bytes:
    image = packed(b"\x80" * packed_bytes, f"/Type /XObject /Subtype /Image {entries}")
    return one_page(stream(b"q 600 0 0 700 0 0 cm /I Do Q"), "/XObject << /I 6 0 R >>", image)
