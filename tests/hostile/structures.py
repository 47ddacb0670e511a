"""Files whose objects lie about themselves: loops, depths, counts, lengths, tables of offsets, encryption."""

from tests.hostile.writing import CATALOG, FONT, ONE_PAGE, one_page, packed, page, stream, text, written


def page_tree_that_loops() -> bytes:
    kids = b"<< /Type /Pages /Kids [2 0 R 6 0 R] /Count 3 >>"
    return written(
        CATALOG, kids, page(), text("x"), FONT, b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R 6 0 R] /Count 2 >>"
    )


def page_tree_of_ten_thousand_levels() -> bytes:
    levels = 10_000
    nodes = [f"<< /Type /Pages /Parent {4 + n} 0 R /Kids [{6 + n} 0 R] /Count 1 >>".encode() for n in range(1, levels)]
    last = page(4)
    top = b"<< /Type /Pages /Kids [6 0 R] /Count 1 >>"
    first = b"<< /Type /Pages /Parent 2 0 R /Kids [7 0 R] /Count 1 >>"
    return written(CATALOG, top, page(), text("deep down"), FONT, first, *nodes[1:], last)


def count_of_two_thousand_million_pages() -> bytes:
    return written(CATALOG, b"<< /Type /Pages /Kids [3 0 R] /Count 2147483647 >>", page(), text("only one"), FONT)


def negative_count() -> bytes:
    return written(CATALOG, b"<< /Type /Pages /Kids [3 0 R] /Count -5 >>", page(), text("less than none"), FONT)


def same_page_a_hundred_thousand_times() -> bytes:
    kids = b" ".join([b"3 0 R"] * 100_000)
    return written(CATALOG, b"<< /Type /Pages /Kids [" + kids + b"] /Count 100000 >>", page(), text("again"), FONT)


def no_pages() -> bytes:
    return written(CATALOG, b"<< /Type /Pages /Kids [] /Count 0 >>")


def giant_page() -> bytes:
    return one_page(text("far and wide"), box="0 0 1000000000 1000000000")


def giant_unit() -> bytes:
    return one_page(text("a large unit"), more="/UserUnit 1000000000")


def page_of_negative_size() -> bytes:
    return one_page(text("inside out"), box="0 0 -612 -792")


def page_without_size() -> bytes:
    return one_page(text("flat"), box="0 0 0 0")


def page_of_no_number() -> bytes:
    return one_page(text("odd"), box="null (a) /b 1e999")


def offsets_that_loop() -> bytes:
    return written(CATALOG, ONE_PAGE, page(), text("in circles"), FONT, prev=True)


def offsets_of_a_thousand_million_objects() -> bytes:
    body = one_page(text("few"))[: -len(b"%%EOF")]
    start = len(body)
    table = packed(
        b"\1\0\0\0\0\0\0\0\1" * 10, "/Type /XRef /W [1 8 0] /Index [0 2000000000] /Size 2000000000 /Root 1 0 R"
    )
    return body + b"9 0 obj\n" + table + f"\nendobj\nstartxref\n{start}\n%%EOF".encode()


def object_stream_that_holds_itself() -> bytes:
    inner = b"6 0 7 9 << /Extends 6 0 R >>"
    looping = stream(inner, "/Type /ObjStm /N 2 /First 8 /Extends 6 0 R")
    return one_page(text("self"), "/Font << /F1 5 0 R >> /X 7 0 R", looping)


def length_that_is_itself() -> bytes:
    return one_page(stream(b"BT /F1 12 Tf 72 700 Td (x) Tj ET", length="4 0 R"))


def length_beyond_the_file() -> bytes:
    return one_page(stream(b"BT /F1 12 Tf 72 700 Td (x) Tj ET", length=2147483647))


def negative_length() -> bytes:
    return one_page(stream(b"BT /F1 12 Tf 72 700 Td (x) Tj ET", length=-10))


def reference_that_is_itself() -> bytes:
    return written(b"1 0 R", ONE_PAGE, page(), text("x"), FONT)


def deeply_nested_dictionary() -> bytes:
    deep = b"<< /A " * 100_000 + b"1" + b" >>" * 100_000
    return one_page(text("beside the deep"), "/Font << /F1 5 0 R >> /X 6 0 R", deep)


def cut_in_half() -> bytes:
    whole = one_page(text("what is left of it"))
    return whole[: whole.index(b"endobj\n6") if b"endobj\n6" in whole else len(whole) * 7 // 10]


def offsets_of_noise() -> bytes:
    whole = one_page(text("found all the same"))
    start = whole.index(b"xref\n")
    return whole[:start] + b"xref\n" + bytes(range(256)) * 4 + b"\ntrailer << /Root 1 0 R >>\nstartxref\n7\n%%EOF"


def encrypted_by_an_unheard_of_handler() -> bytes:
    return _encrypted("<< /Filter /Unheard /V 1 /R 2 /O (x) /U (x) /P -1 >>")


def encrypted_by_an_unheard_of_version() -> bytes:
    return _encrypted(f"<< /Filter /Standard /V 99 /R 99 /O <{'00' * 32}> /U <{'00' * 32}> /P -1 /Length 2147483647 >>")


def encrypted_with_parts_missing() -> bytes:
    return _encrypted("<< /Filter /Standard /V 5 /R 6 /CF << /StdCF << /CFM /AESV3 >> >> /StmF /StdCF >>")


def web_page_before_a_pdf() -> bytes:
    return b"<html><script>alert(1)</script><!-- " + one_page(text("two in one")) + b" -->"


def zip_around_a_pdf() -> bytes:
    return b"PK\x03\x04\x14\0\0\0\0\0" + b"\0" * 20 + one_page(text("packed")) + b"PK\x05\x06" + b"\0" * 18


def runs_a_program_when_opened() -> bytes:
    action = b"<< /Type /Action /S /Launch /F (/bin/sh) /Next << /S /JavaScript /JS (while(1){}) >> >>"
    catalog = b"<< /Type /Catalog /Pages 2 0 R /OpenAction 6 0 R /Outlines 7 0 R >>"
    outline = b"<< /Type /Outlines /First 7 0 R /Last 7 0 R /Next 7 0 R >>"
    return written(catalog, ONE_PAGE, page(), text("harmless"), FONT, action, outline)


def _encrypted(dictionary: str) -> bytes:
    objects = (CATALOG, ONE_PAGE, page(), text("secret"), FONT, dictionary.encode())
    return written(*objects, trailer="/Encrypt 6 0 R /ID [<00> <00>]")
