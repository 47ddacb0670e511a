"""Cutting a long text where it hurts least: before headings, between paragraphs, lines, sentences, words."""

import re
from collections import deque
from collections.abc import Iterator
from typing import Final

# The best places first; a part begins where the match ends.
_PLACES: Final = (
    re.compile(r"\n(?=#{1,6} )"),
    re.compile(r"\n[ \t]*\n\s*"),
    re.compile(r"\n"),
    re.compile(r"[.!?…。][\"'”\u2019)\]]*\s+"),
    re.compile(r"\s+"),
)
_EARLIEST: Final = 0.5
"""A part is at least so full of its budget, unless nothing better than the middle of a word is to be had."""


def chunks(text: str, budget: int) -> Iterator[str]:
    """Parts of at most `budget` characters that are the text when put together again."""
    begin = 0
    while len(text) - begin > budget:
        end = _end(text, begin, begin + budget)
        yield text[begin:end]
        begin = end
    if begin < len(text):
        yield text[begin:]


def _end(text: str, begin: int, limit: int) -> int:
    earliest = begin + int((limit - begin) * _EARLIEST)
    for place in _PLACES:
        if found := deque(place.finditer(text, earliest, limit), maxlen=1):
            return found[0].end()
    return limit
