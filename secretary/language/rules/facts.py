"""What can be known by its shape alone: addresses, telephone numbers, amounts, organisations. In one pass over the text each."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from secretary.language.rules.spans import Span, trimmed

MOST: Final = 500
"""Values of one kind; a text with more has them no longer as facts to list."""

_MAIL_NAME: Final = re.compile(r"[\w.+-]{1,64}$")
_MAIL_HOST: Final = re.compile(r"[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_URL: Final = re.compile(r"(?:https?://|www\.)[^\s<>\"'`|\\^{}\[\]]{1,2000}", re.IGNORECASE)
_NUMBER: Final = (
    r"\d{1,3}(?:[.,'’\u202f ]\d{3}){1,6}(?:[.,]\d{1,2}|[.,][-–—]{1,2})?|\d{1,12}(?:[.,]\d{1,3})?(?:[.,][-–—]{1,2})?"
)
_CURRENCY: Final = r"€|\$|£|¥|EUR|USD|CHF|GBP|Euros?|[Dd]ollars?|Franken|Pfund|[Pp]ounds?|Cents?"
_SCALE: Final = (
    r"(?:[ ]?(?:million(?:en)?|billion|Millionen|Milliarden|Mio\.?|Mrd\.?|Tsd\.?|thousand|k|m|bn)(?![^\W_]))?"
)
_AMOUNT: Final = re.compile(
    rf"(?<![\w.,])(?:(?:{_CURRENCY})[ ]?(?:{_NUMBER}){_SCALE}|(?:{_NUMBER}){_SCALE}[ ]?(?:{_CURRENCY}|%|percent"
    rf"|per cent|Prozent|v\.[ ]?H\.)(?![^\W_]))",
)
_PHONE: Final = re.compile(r"(?<![\w.,/-])(?:\+\d{1,3}|\(?0\d{1,5}\)?)[ /.()-]{0,3}\d(?:[ /.-]?\d){4,13}(?![\w/-])")
_ORGANISATION: Final = re.compile(
    r"(?<!\w)((?:[^\W\d_][\w&.-]{0,40}[ ]){1,4})"
    r"(?:GmbH(?:[ ]&[ ]Co\.?[ ]KG)?|AG|KG|SE|OHG|UG|Inc\.?|Ltd\.?|LLC|Corp\.?|plc|e\.[ ]?V\.|Stiftung"
    r"|Foundation)(?![\w-])"
)
_NAME_WORD: Final = re.compile(r"\S+")


def emails(text: str) -> Iterator[Span]:
    at = text.find("@")
    while at >= 0:
        name = _MAIL_NAME.search(text[max(0, at - 64) : at])
        host = _MAIL_HOST.match(text, at + 1)
        if name and host and not name.group().startswith("."):
            yield Span(at - len(name.group()), host.end())
        at = text.find("@", at + 1)


def urls(text: str) -> Iterator[Span]:
    for match in _URL.finditer(text):
        span = trimmed(text, match.start(), match.end(), ".,;:!?)")
        # A closing parenthesis belongs to an address that has an opening one.
        is_open = span.of(text).count("(") > span.of(text).count(")") and text.startswith(")", span.end)
        yield Span(span.start, span.end + is_open)


def amounts(text: str) -> Iterator[Span]:
    return (trimmed(text, *match.span()) for match in _AMOUNT.finditer(text))


def phones(text: str) -> Iterator[Span]:
    return (trimmed(text, *match.span()) for match in _PHONE.finditer(text))


def organisations(text: str) -> Iterator[Span]:
    """Names that end as those of companies and associations do, from their first capital on."""
    for match in islice(_ORGANISATION.finditer(text), MOST):
        words = list(_NAME_WORD.finditer(text, *match.span(1)))
        first = len(words)
        while first and words[first - 1].group()[0].isupper() and words[first - 1].group() not in _NO_PART:
            first -= 1
        if first < len(words):
            yield Span(words[first].start(), match.end())


_NO_PART: Final = frozenset(
    {"The", "Die", "Der", "Das", "Von", "Bei", "Mit", "Für", "From", "At", "With", "And", "Und", "By"}
)
