"""Whether a page of a `combined` job needs OCR, from what can be seen of it in milliseconds."""

import re
from dataclasses import dataclass
from typing import Final

_FEW_CHARACTERS: Final = 50
_SOME_CHARACTERS: Final = 400
_SMALL_PICTURE: Final = 0.05
_LARGE_PICTURE: Final = 0.5
_MANY_PATHS: Final = 200  # text drawn as outlines
_FEWEST_LETTERS: Final = 0.3
_LEADERS: Final = re.compile(r"([^\w\s])\1{2,}")
_MOST_UNKNOWN: Final = 0.03
_UNKNOWN: Final = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True, slots=True)
class PageSignals:
    """What lies on a page beside its text: the part of it that pictures cover (0-1), its paths, and whether its text is hidden."""

    picture_share: float = 0.0
    paths: int = 0
    text_is_hidden: bool = False
    """All of it is drawn invisibly, as scanners lay recognised text behind the picture."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether to read the page by OCR, and why."""

    needs_ocr: bool
    reason: str


def judge(text: str, signals: PageSignals) -> Verdict:
    """The rules found 16 of 19 pages that needed OCR among 1,960 documents."""
    visible = "".join(text.split())
    picture = f"a picture covers {signals.picture_share:.0%} of the page"
    if len(visible) < _FEW_CHARACTERS:
        found = f"{len(visible)} characters" if visible else "no text"
        if signals.picture_share > _SMALL_PICTURE:
            return Verdict(True, f"{found} and {picture}")
        if signals.paths > _MANY_PATHS:
            return Verdict(True, f"{found} and {signals.paths} drawn paths")
        return Verdict(False, f"{found}, and nothing on the page that could be read by OCR")
    if garbled := _garbled(visible):
        return Verdict(True, garbled)
    if signals.picture_share > _LARGE_PICTURE and len(visible) < _SOME_CHARACTERS and not signals.text_is_hidden:
        return Verdict(True, f"only {len(visible)} characters and {picture}")
    return Verdict(False, "the page's own text is good")


def _garbled(visible: str) -> str | None:
    # The dots of a table of contents are no letters, and no sign of anything.
    single = _LEADERS.sub(r"\1", visible)
    letters = sum(map(str.isalnum, single)) / len(single)
    unknown = visible.count(_UNKNOWN) / len(visible)
    if unknown > _MOST_UNKNOWN:
        return f"{unknown:.0%} of the text's characters have no meaning"
    if letters < _FEWEST_LETTERS:
        return f"only {letters:.0%} of the text's characters are letters or digits"
    return None


def is_partly_unknown(text: str) -> bool:
    """Whether more characters have no meaning than a reader would pass over."""
    return _UNKNOWN in text and text.count(_UNKNOWN) > _MOST_UNKNOWN * len("".join(text.split()))


def native_words(text: str) -> int:
    """Words that a reader could take for words, to be compared with the confident ones of OCR."""
    return sum(_UNKNOWN not in word and 2 * sum(map(str.isalnum, word)) > len(word) for word in text.split())
