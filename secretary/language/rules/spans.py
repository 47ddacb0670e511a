"""Pieces of the text: what the rules find is never anything but a stretch of it."""

from collections.abc import Iterable
from typing import Final, NamedTuple

_AROUND: Final = "*_`~\ufeff"


_LONGEST_EMPHASIS: Final = 2_000


class Span(NamedTuple):
    """Offsets in the text, `end` exclusive."""

    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]


def trimmed(text: str, start: int, end: int, also: str = "") -> Span:
    """Without blanks and Markdown's marks of emphasis at both ends, and without the characters of `also`."""
    unwanted = _AROUND + also
    while start < end and (text[start] in unwanted or text[start].isspace()):
        start += 1
    while end > start and (text[end - 1] in unwanted or text[end - 1].isspace()):
        end -= 1
    return _balanced(text, start, end)


def _balanced(text: str, start: int, end: int) -> Span:
    """With the `**` at one end whose other half stands inside: `**Topic:** what was said`."""
    if end - start < _LONGEST_EMPHASIS and text.count("**", start, end) % 2:
        if text.startswith("**", max(0, start - 2)) and start > 1:
            return Span(start - 2, end)
        if text.startswith("**", end):
            return Span(start, end + 2)
    return Span(start, end)


def without_doubles(text: str, spans: Iterable[Span]) -> list[Span]:
    """Each text once, whatever its case and spacing, in the order of the text."""
    seen: set[str] = set()
    found = []
    for span in spans:
        known = " ".join(span.of(text).casefold().split()).rstrip(".")
        if known and known not in seen:
            seen.add(known)
            found.append(span)
    return found
