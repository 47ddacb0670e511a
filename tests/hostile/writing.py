"""PDFs written byte by byte, so that they can be as wrong as they like."""

import zlib

MEGABYTE = 1024 * 1024
CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
ONE_PAGE = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def stream(data: bytes, entries: str = "", *, length: object = None) -> bytes:
    size = len(data) if length is None else length
    return f"<< {entries} /Length {size} >>\nstream\n".encode() + data + b"\nendstream"


def packed(data: bytes, entries: str = "", *, times: int = 1) -> bytes:
    """A stream packed so many times over."""
    for _ in range(times):
        data = zlib.compress(data, 9)
    return stream(data, f"/Filter [{'/FlateDecode ' * times}] {entries}")


def bomb(megabytes: int, piece: bytes = b" ", entries: str = "") -> bytes:
    """A stream of some kilobytes that unpacks to so many megabytes of the same bytes."""
    packer = zlib.compressobj(1)
    unpacked = piece * (MEGABYTE // len(piece))
    once = b"".join(packer.compress(unpacked) for _ in range(megabytes)) + packer.flush()
    return stream(zlib.compress(once, 9), f"/Filter [/FlateDecode /FlateDecode] {entries}")


def page(
    contents: int = 4, resources: str = "/Font << /F1 5 0 R >>", box: str = "0 0 612 792", more: str = ""
) -> bytes:
    return (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Contents {contents} 0 R "
        f"/Resources << {resources} >> {more} >>"
    ).encode()


def text(words: str) -> bytes:
    return stream(f"BT /F1 12 Tf 72 700 Td ({words}) Tj ET".encode())


def written(*objects: bytes, trailer: str = "", prev: bool = False) -> bytes:
    """The objects, numbered from 1, of which the first is the catalog, with a correct table of offsets."""
    body, places = bytearray(b"%PDF-1.7\n"), []
    for number, entry in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n".encode() + entry + b"\nendobj\n"
    table = b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    start = len(body)
    size = len(places) + 1
    head = f"xref\n0 {size}\n0000000000 65535 f \n".encode()
    again = f"/Prev {start}" if prev else ""
    tail = f"trailer\n<< /Size {size} /Root 1 0 R {trailer} {again} >>\nstartxref\n{start}\n%%EOF".encode()
    return bytes(body) + head + table + tail


def one_page(content: bytes, resources: str = "/Font << /F1 5 0 R >>", *more: bytes, **page_entries: str) -> bytes:
    """One page with this content stream; object 5 is a font, `more` are numbered from 6."""
    return written(CATALOG, ONE_PAGE, page(4, resources, **page_entries), content, FONT, *more)


def pages_of(*contents: bytes) -> bytes:
    """A page for each content stream."""
    numbers = [3 if index == 0 else 4 + 2 * index for index in range(len(contents))]
    kids = " ".join(f"{number} 0 R" for number in numbers)
    tree = f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} >>".encode()
    objects = [CATALOG, tree]
    for number, content in zip(numbers, contents, strict=True):
        objects += [page(number + 1), content]
        if number == numbers[0]:
            objects.append(FONT)
    return written(*objects)
