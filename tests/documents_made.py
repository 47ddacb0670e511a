"""PDFs for tests, made here: with text, tables, pictures, passwords, and with what real files have wrong."""

import io
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

A4 = (595.0, 842.0)


def text_pdf(path: Path, *pages: str, password: str | None = None, **entries: str) -> Path:
    """One page per text, a line for each of its lines; `title`, `author` and others become the document's entries."""
    canvas = _canvas(path, password, entries)
    for page in pages:
        for index, line in enumerate(page.splitlines()):
            canvas.drawString(72, 770 - 14 * index, line)
        canvas.showPage()
    canvas.save()
    return path


def table_pdf(
    path: Path,
    *tables: Sequence[Sequence[str]],
    text_pages_before: int = 0,
    password: str | None = None,
    **entries: str,
) -> Path:
    """Pages with a line of text only, then one page for each table, drawn with lines around every cell."""
    canvas = _canvas(path, password, entries)
    for number in range(text_pages_before):
        canvas.drawString(72, 770, f"Nothing but text on page {number + 1}")
        canvas.line(72, 760, 520, 760)
        canvas.showPage()
    for rows in tables:
        canvas.drawString(72, 770, "A table follows")
        _draw_table(canvas, rows)
        canvas.showPage()
    canvas.save()
    return path


def _draw_table(canvas: Canvas, rows: Sequence[Sequence[str]]) -> None:
    columns = [72 + 100 * index for index in range(len(rows[0]) + 1)]
    edges = [740 - 20 * index for index in range(len(rows) + 1)]
    canvas.grid(columns, edges)
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            canvas.drawString(columns[column] + 4, edges[row + 1] + 6, cell)


def grid_pdf(path: Path, lines: int) -> Path:
    """A page with so many lines across and down."""
    canvas = _canvas(path, None, {})
    canvas.drawString(72, 800, "A fine grid")
    places = [20 + 500 * index / lines for index in range(lines)]
    canvas.grid(places, places)
    canvas.showPage()
    canvas.save()
    return path


def scan_pdf(path: Path, pages: int = 1) -> Path:
    """Pages that are a picture each and have no text."""
    canvas = _canvas(path, None, {})
    picture = ImageReader(Image.new("L", (60, 80), 200))
    for _ in range(pages):
        canvas.drawImage(picture, 0, 0, *A4)
        canvas.showPage()
    canvas.save()
    return path


def sized_pdf(path: Path, *sizes: tuple[float, float]) -> Path:
    """One page of each size in points."""
    canvas = _canvas(path, None, {})
    for size in sizes:
        canvas.setPageSize(size)
        canvas.drawString(1, 1, "x")
        canvas.showPage()
    canvas.save()
    return path


def _canvas(path: Path, password: str | None, entries: dict[str, str]) -> Canvas:
    encryption = StandardEncryption(password, strength=128) if password else None
    canvas = Canvas(str(path), pagesize=A4, encrypt=encryption, invariant=True)
    for entry, value in entries.items():
        getattr(canvas, f"set{entry.title()}")(value)
    return canvas


def long_pdf(path: Path, characters: int, last_page: str) -> Path:
    """A huge page of so many characters in small type, then one with `last_page`."""
    lines = " ".join(f"({'x' * min(1_000, characters - start)}) Tj T*" for start in range(0, characters, 1_000))
    drawn = f"BT /F1 1 Tf 2 TL 0 8990 Td {lines} ET"
    return written_pdf(
        path,
        CATALOG,
        "<< /Type /Pages /Kids [3 0 R 6 0 R] /Count 2 >>",
        page(4, 5).replace("595 842", "9000 9000"),
        f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
        FONT,
        page(7, 5),
        content(last_page),
    )


def slow_pdf(path: Path, *pages: str) -> Path:
    """One page per text, each of which takes some 50 ms to read, however short its text is."""
    # Each of these is read and does nothing; all pages show the one stream, so that the file stays small.
    packed = zlib.compress(b"q 1 0 0 1 0 0 cm Q\n" * 250_000).decode("latin-1")
    slow, first = 4, 5
    numbers = range(first, first + 2 * len(pages), 2)
    shown = [
        each
        for number, text in zip(numbers, pages, strict=True)
        for each in (
            page(number + 1, 3).replace(f"{number + 1} 0 R", f"[{slow} 0 R {number + 1} 0 R]", 1),
            content(text),
        )
    ]
    return written_pdf(
        path,
        CATALOG,
        f"<< /Type /Pages /Kids [{' '.join(f'{number} 0 R' for number in numbers)}] /Count {len(pages)} >>",
        FONT,
        f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n{packed}\nendstream",
        *shown,
    )


def written_pdf(path: Path, *objects: str, trailer: str = "") -> Path:
    """A PDF of the given objects, numbered from 1 of which the first is the catalog, with a correct table of offsets."""
    out = io.BytesIO(b"%PDF-1.7\n")
    out.seek(0, io.SEEK_END)
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1"))
    table = out.tell()
    rows = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    out.write(f"xref\n0 {size}\n0000000000 65535 f \n{rows}".encode())
    out.write(f"trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{table}\n%%EOF\n".encode())
    path.write_bytes(out.getvalue())
    return path


CATALOG = "<< /Type /Catalog /Pages 2 0 R >>"
FONT = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def content(text: str) -> str:
    """A page's content stream that shows the text."""
    drawn = f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET"
    return f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream"


def page(contents: int, font: int, **more: Any) -> str:
    """A page whose content stream and font are the objects of these numbers."""
    extra = " ".join(f"/{key} {value}" for key, value in more.items())
    return (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {contents} 0 R "
        f"/Resources << /Font << /F1 {font} 0 R >> >> {extra} >>"
    )
