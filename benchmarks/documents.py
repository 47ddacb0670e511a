"""The PDFs that are read: made here, and those of a corpus beside the checkout when there is one."""

import random
from pathlib import Path
from typing import Any, Final

import pypdfium2
from reportlab.lib.utils import ImageReader  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from benchmarks.installation import CHECKOUT

CORPUS: Final = CHECKOUT.parent / "shared" / "corpus"
LINES: Final = 48
A4: Final = (595, 842)  # points
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


def scanned_document(path: Path, pages: int) -> Path:
    """Such pages as a scanner would see them: a gray picture each, and no text."""
    return _written(path, _pictures(path, pages))


def mixed_document(path: Path, pages: int) -> Path:
    """So many pages of text, and after each a scan."""
    return _written(path, [each for picture in _pictures(path, pages) for each in (None, picture)])


def _pictures(path: Path, pages: int) -> list[Any]:
    pdfium: Any = pypdfium2
    with pdfium.PdfDocument(text_document(path, pages)) as document:
        return [page.render(scale=200 / 72, grayscale=True).to_pil() for page in document]


def _written(path: Path, pictures: list[Any]) -> Path:
    canvas = Canvas(str(path), invariant=True)
    for number, picture in enumerate(pictures):
        if picture is None:
            for line in range(LINES):
                canvas.drawString(
                    60, 790 - 15 * line, f"Line {line + 1} of page {number + 1} is text that can be read as it is."
                )
        else:
            canvas.drawImage(ImageReader(picture), 0, 0, *A4)
        canvas.showPage()
    canvas.save()
    return path


def corpus() -> list[Path]:
    """The corpus, the largest files first so that the last ones fill both processes to the end; empty when there is none."""
    return sorted(CORPUS.glob("*.pdf"), key=lambda path: path.stat().st_size, reverse=True)
