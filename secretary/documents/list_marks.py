"""Marks that begin an item of a list in a document's text."""

import re
from dataclasses import dataclass

_BULLETS = "•◦▪▫●○■□‣\u2043∙▸▹►▶➢➤➔❖✓✔✗✘\uf0b7\uf0a7\uf0d8\uf076\uf02d"
_DASHES = "-\u2013\u2014*·\ufffd"
_FIRST = frozenset(_BULLETS + _DASHES)
_MARK = re.compile(
    rf"(?:(?P<bullet>[{_BULLETS}])\s*|(?P<dash>[{_DASHES}])\s+|(?P<number>\d{{1,3}})(?P<stop>[.)])\s+)(?=\S)"
)


@dataclass(frozen=True, slots=True)
class Mark:
    """What begins an item; `number` is None for a bullet."""

    text: str
    length: int
    number: int | None = None

    @property
    def is_sure(self) -> bool:
        """Whether it can be nothing else: a dash or a number may also begin a line in the middle of a sentence."""
        return self.text in _BULLETS

    def is_followed_by(self, mark: "Mark") -> bool:
        """Whether the other begins the next item of the same list."""
        if self.number is None:
            return self.text == mark.text
        return mark.number == self.number + 1 and mark.text[-1] == self.text[-1]


def mark_of(text: str) -> Mark | None:
    first = text[:1]
    if first not in _FIRST and not first.isdecimal():
        return None
    match = _MARK.match(text)
    if match is None:
        return None
    if match["number"] is None:
        return Mark(match["bullet"] or match["dash"], match.end())
    return Mark(f"{match['number']}{match['stop']}", match.end(), int(match["number"]))
