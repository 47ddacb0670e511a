"""What `secretary submit` is given: local files, web addresses and standard input."""

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final
from urllib.parse import unquote, urlsplit

from secretary.cli.speaking import one_line
from secretary.up.failures import CannotStart

STANDARD_INPUT: Final = "-"
_TEXTS: Final = frozenset({".txt", ".text", ".md", ".markdown"})
_WEB_TEXTS: Final = _TEXTS | {".html", ".htm", ".xhtml"}
_LONGEST_NAME: Final = 500
_PIECE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Given:
    """One thing to make a job of: exactly one of a file and an address. `is_text` says what kind of job it is for by itself."""

    name: str
    is_text: bool
    path: Path | None = None
    url: str | None = None

    @property
    def job_type(self) -> str:
        return "transformer" if self.is_text else "pdf"

    def text(self) -> str:
        """The file as text; raises CannotStart for what is none."""
        assert self.path is not None
        try:
            return self.path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            raise CannotStart(f"{self.name} is not text in UTF-8.") from None


def inputs_of(words: list[str], kept: Path) -> list[Given]:
    """What the words name, all of it looked at before anything is sent; standard input is kept as a file in `kept`."""
    if words.count(STANDARD_INPUT) > 1:
        raise CannotStart("Standard input (-) can be read only once.")
    return [_input(word, kept) for word in words]


def _input(word: str, kept: Path) -> Given:
    if word == STANDARD_INPUT:
        return _standard_input(kept)
    if word.lower().startswith(("http://", "https://")):
        last = unquote(urlsplit(word).path).rstrip("/").rpartition("/")[2]
        return Given(_name(last or urlsplit(word).netloc), Path(last).suffix.lower() in _WEB_TEXTS, url=word)
    path = Path(word)
    if path.is_dir():
        raise CannotStart(f"{word} is a folder; name the files in it, such as {word.rstrip('/')}/*.pdf.")
    try:
        with path.open("rb"):
            pass
    except FileNotFoundError:
        raise CannotStart(f"There is no file {word}.") from None
    except OSError as error:
        raise CannotStart(f"{word} cannot be read ({error.strerror}).") from None
    if not path.is_file():
        raise CannotStart(f"{word} is not a regular file; hand it on as standard input: secretary submit - < {word}")
    return Given(_name(path.name), path.suffix.lower() in _TEXTS, path=path)


def _standard_input(kept: Path) -> Given:
    if sys.stdin.isatty():
        raise CannotStart("Standard input (-) is the terminal; hand a file on: secretary submit - < FILE")
    source: IO[bytes] = sys.stdin.buffer
    with tempfile.NamedTemporaryFile(dir=kept, delete=False) as file:
        first = source.read(_PIECE)
        piece = first
        while piece:
            file.write(piece)
            piece = source.read(_PIECE)
    if not first:
        raise CannotStart("Standard input (-) is empty.")
    # PDF readers look for the mark in the first kilobyte.
    is_pdf = b"%PDF-" in first[:1024]
    return Given("standard input.pdf" if is_pdf else "standard input", not is_pdf, path=Path(file.name))


def _name(text: str) -> str:
    return one_line(text)[:_LONGEST_NAME] or "document"
