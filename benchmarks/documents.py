"""The PDFs that are read: made here, and those of a corpus beside the checkout when there is one."""

import random
from pathlib import Path
from typing import Final

from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from benchmarks.installation import CHECKOUT

CORPUS: Final = CHECKOUT.parent / "shared" / "corpus"
LINES: Final = 48
_WORDS: Final = (
    "report session figure plan meeting decision result measure before after because whoever the of and is to by on"
)


def text_document(path: Path, pages: int, seed: int = 0) -> Path:
    """Pages full of lines of text in one column, about 3,500 characters each."""
    chosen, words = random.Random(seed), _WORDS.split()
    canvas = Canvas(str(path), invariant=True)
    for number in range(pages):
        text = canvas.beginText(60, 790)
        text.setFont("Helvetica", 10)
        text.setLeading(15)
        text.textLine(f"Page {number + 1}")
        for _ in range(LINES):
            text.textLine(" ".join(chosen.choices(words, k=12)))
        canvas.drawText(text)
        canvas.showPage()
    canvas.save()
    return path


def made_documents(folder: Path, *, count: int, pages: int) -> list[Path]:
    return [text_document(folder / f"made-{number}.pdf", pages, seed=number) for number in range(count)]


def corpus() -> list[Path]:
    """The corpus, the largest files first so that the last ones fill both processes to the end; empty when there is none."""
    return sorted(CORPUS.glob("*.pdf"), key=lambda path: path.stat().st_size, reverse=True)
