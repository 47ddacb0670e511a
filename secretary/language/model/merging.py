"""One answer for a whole text from those for its parts: lists without doubles, facts from where they stand first, and what
only the whole can say put together by the model."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from secretary.language.filled import Value
from secretary.language.model.questions import Question, Values

_LONGEST_FACT: Final = 120
_WORDS_OF_WHOLES: Final = (
    "summar|abstract|overview|descri|gist|in \\w+ (?:sentence|word)|sentences|paragraph|key message|takeaway|conclu",
    "zusammenfass|überblick|beschreib|kurzfassung|in \\w+ (?:satz|sätzen|worten)|sätze|absatz|absätz|kernaussage|fazit",
    r"\btitle\b|\btitel\b",
)
_ABOUT_THE_WHOLE: Final = re.compile("|".join(_WORDS_OF_WHOLES), re.IGNORECASE)


def merged(question: Question, values: Sequence[Value]) -> Value:
    """The value for the whole text, by rule; None where the answers of the parts must be put together in words.

    Lists: every entry once, in order, whatever its case and spacing. Single values: the one there is; of several, the first,
    when they are facts (short, of one line, and not asked about the whole text).
    """
    if question.many:
        return list(_without_doubles(entry for value in values for entry in _entries(value)))
    said = list(_without_doubles(value for value in values if isinstance(value, str) and value))
    if not said:
        return ""
    if len(said) == 1:
        return said[0]
    return said[0] if _is_fact(question, said) else None


def parts_to_combine(names: Sequence[str], parts: Sequence[Values], budget: int) -> list[list[str]]:
    """The parts' answers to these fields as JSON, in groups of at least two that fit into one request where that is possible."""
    groups: list[list[str]] = [[]]
    size = 0
    for part in parts:
        said = {name: part[name] for name in names if part[name]}
        if not said:
            continue
        text = json.dumps(said, ensure_ascii=False)
        if len(groups[-1]) > 1 and size + len(text) > budget:
            groups.append([])
            size = 0
        groups[-1].append(text)
        size += len(text)
    return groups


def _is_fact(question: Question, said: Iterable[str]) -> bool:
    if _ABOUT_THE_WHOLE.search(f"{question.name} {question.question}"):
        return False
    return all(len(value) <= _LONGEST_FACT and "\n" not in value for value in said)


def _entries(value: Value) -> list[str]:
    return [str(entry) for entry in value] if isinstance(value, list) else []


def _without_doubles(values: Iterable[str]) -> Iterator[str]:
    seen = set()
    for value in values:
        known = " ".join(value.casefold().split()).rstrip(".")
        if known not in seen:
            seen.add(known)
            yield value
