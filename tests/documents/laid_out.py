"""Pages of lines placed one by one, and what is read on them."""

from dataclasses import dataclass
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from secretary.documents.blocks import Block
from secretary.documents.pages import PageReading
from secretary.documents.pdfium_pages import PdfiumPages


@dataclass(frozen=True)
class Written:
    """A line that begins at `x` and stands `down` points from the top of the page."""

    down: float
    text: str
    x: float = 72
    size: float = 10
    font: str = "Helvetica"
    mode: int = 0


def column(*texts: str, down: float = 100, **more) -> list[Written]:
    """Lines below each other, as text is set."""
    return [Written(down + 12 * index, text, **more) for index, text in enumerate(texts)]


def laid_out(path: Path, *lines: Written, grids=(), rotation: int = 0, **page) -> Path:
    """One page; a grid is its places across and its places down from the top."""
    canvas = Canvas(str(path), pagesize=(595, 842), invariant=True, **page)
    canvas.setPageRotation(rotation)
    for line in lines:
        drawn = canvas.beginText(line.x, 842 - line.down)
        drawn.setFont(line.font, line.size)
        drawn.setTextRenderMode(line.mode)
        drawn.textOut(line.text)
        canvas.drawText(drawn)
    for across, down in grids:
        canvas.grid(across, [842 - place for place in down])
    canvas.showPage()
    canvas.save()
    return path


def read(path: Path, *, blocks: bool = True) -> PageReading:
    pages = PdfiumPages(path, None)
    try:
        return pages.read(1, grids=True, blocks=blocks)
    finally:
        pages.close()


def shown(blocks: list[Block]) -> list[str]:
    """Each block in short: lists with their marks, tables with their number."""
    return [
        {"text": "", "bullet": "- ", "numbered": f"{block.mark} ", "table": f"[table {block.table}]"}[block.kind.value]
        + block.text
        for block in blocks
    ]
