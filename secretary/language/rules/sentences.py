"""Sentences: where they end, and which of them say most about their text."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from secretary.language.rules.spans import Span, trimmed

LONGEST: Final = 600
"""Characters; what is longer is no sentence to quote, and is not searched for patterns."""

_END: Final = re.compile(r"[.!?…]+[\"'”’»)\]]{0,3}(?=\s|$)|\n[ \t]*\r?\n")
_ABBREVIATION: Final = re.compile(
    r"(?:\b(?:Dr|Prof|Cllrs?|Rev|Hon|Fam|Fa|Mr|Mrs|Ms|St|Nr|No|bzw|ca|ggf|inkl|usw|etc|vs|Abs|Art|Tel|evtl|Hr|Fr"
    r"|Ing|Dipl|Mag|Jan|Feb"
    r"|Mär|Mrz|Apr|Jun|Jul|Aug|Sep|Sept|Okt|Oct|Nov"
    r"|Dez|Dec|Str|approx|incl|max|min|Inc|Ltd|Co|Corp|Mio|Mrd|e\.g|i\.e|z\.B|z\. B|d\.h|u\.a|o\.ä|i\.d\.R|e\.V"
    r"|jr|sr)|\b[A-Za-zÄÖÜäöü]|\b(?:der|die|das|am|dem|den|des|zum|vom|bis|im|ab|punkt|top|nächste[rsn]?"
    r"|\d{1,2}\.) \d{1,2})\.$"
)
_ORDINAL: Final = re.compile(r"(?<![\d£$€.,:])\d{1,2}\.$")
_MONTH: Final = re.compile(
    r"\s+(?:Jan|Jän|Feb|Mar|März|Mrz|Apr|May|Mai|Jun|Jul|Aug|Sep|O[ck]t|Nov|De[cz])[a-zä]*\b|\s+(?:Vorsitzende"
    r"|Quartal|Halbjahr|Stock|Etage|Klasse|Liga)"
)
_WORD: Final = re.compile(r"[^\W\d_]{4,30}")
_WINDOW: Final = 12
_SHORTEST_WORDS: Final = 6
_LEAD: Final = 0.15
_ONCE: Final = 0.9
"""Taken off each count, so that a word that occurs once says next to nothing."""

_COMMON: Final = """
that this with from have will were been they their there which would about also what when where into than then them
these those some eine einer eines einem einen dass nicht sich auch oder werden wird wurde wurden haben sind sein ihre
nach beim durch über noch kann können dies diese dieser dieses mehr wenn aber zwischen sowie
"""
_COMMON_WORDS: Final = frozenset(_COMMON.split())


def sentences_in(text: str, start: int, end: int) -> Iterator[Span]:
    """The sentences of this stretch, in order, without blanks around them."""
    begin = start
    for match in _END.finditer(text, start, end):
        following = text[match.end() : match.end() + 3].lstrip()
        is_break = match.group().startswith("\n")
        if not is_break and (following[:1].islower() or _is_abbreviation(text, begin, match.end())):
            continue
        span = trimmed(text, begin, match.end())
        if span.start < span.end:
            yield span
        begin = match.end()
    span = trimmed(text, begin, end)
    if span.start < span.end:
        yield span


def _is_abbreviation(text: str, begin: int, end: int) -> bool:
    """Whether a dot ends no sentence but a short word or an ordinal number."""
    begin = max(begin, end - _WINDOW)
    if _ABBREVIATION.search(text, begin, end):
        return True
    return _ORDINAL.search(text, begin, end) is not None and _MONTH.match(text, end) is not None


def scores(text: str, sentences: Sequence[Span]) -> list[float]:
    """How much each sentence says of the text: how often its words occur in all, with some weight for standing first."""
    words = [set(_words(text, sentence)) for sentence in sentences]
    counts = Counter(word for each in words for word in each)
    total = len(sentences) or 1
    return [
        (sum(counts[word] - _ONCE for word in each) / (len(each) + 4)) * (1 + _LEAD * (1 - index / total))
        if len(each) >= _SHORTEST_WORDS
        else 0.0
        for index, each in enumerate(words)
    ]


def _words(text: str, sentence: Span) -> Iterator[str]:
    for match in _WORD.finditer(text, *sentence):
        word = match.group().casefold()
        if word not in _COMMON_WORDS:
            yield word
