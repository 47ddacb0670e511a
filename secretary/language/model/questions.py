"""What a model is asked for: a strict JSON Schema of a template's fields, and whether an answer fits it."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from secretary.language.filled import Value

Values = dict[str, Value]
"""By field: a text, or a list of texts, empty where the text does not say."""

_NOT_IN_KEYS: Final = re.compile(r"[^A-Za-z0-9_]+")
_LONGEST_KEY: Final = 60
_MOST_TOLD: Final = 10
_LONGEST_NAME_TOLD: Final = 40


@dataclass(frozen=True, slots=True)
class Question:
    """One field: its name in the template, what is asked, and whether the answer is a list."""

    name: str
    question: str
    many: bool = False

    @property
    def empty(self) -> Value:
        return [] if self.many else ""


class Questions:
    """Those asked in one request, each under a key that every server takes."""

    def __init__(self, questions: Iterable[Question]) -> None:
        self.all: Sequence[Question] = tuple(questions)
        self.keys = _keys([question.name for question in self.all])

    @property
    def schema(self) -> dict[str, Any]:
        """As strict mode wants it: every key required, no other key permitted."""
        properties = {key: _property(question) for key, question in zip(self.keys, self.all, strict=True)}
        return {
            "type": "object",
            "properties": properties,
            "required": list(self.keys),
            "additionalProperties": False,
        }

    def problems(self, answer: dict[str, Any]) -> list[str]:
        """Why the answer does not fit, one sentence for each key; keys that nobody asked for are not taken and no problem."""
        return [
            problem
            for key, question in zip(self.keys, self.all, strict=True)
            if (problem := _problem(key, question, answer)) is not None
        ]

    def values(self, answer: dict[str, Any]) -> Values:
        """The values by the fields' own names, of an answer that fits."""
        pairs = zip(self.keys, self.all, strict=True)
        return {question.name: _value(question, answer[key]) for key, question in pairs}

    def strangers(self, answer: dict[str, Any]) -> list[str]:
        """Keys of the answer that nobody asked for, as they can be told."""
        found = [key for key in answer if key not in self.keys]
        return [ascii(key[:_LONGEST_NAME_TOLD]) for key in found[:_MOST_TOLD]]


def _keys(names: Sequence[str]) -> tuple[str, ...]:
    keys: list[str] = []
    for number, name in enumerate(names, 1):
        plain = unicodedata.normalize("NFKD", name.replace("ß", "ss")).encode("ascii", "ignore").decode()
        key = _NOT_IN_KEYS.sub("_", plain).strip("_")[:_LONGEST_KEY] or f"field_{number}"
        keys.append(key if key not in keys else f"{key[: _LONGEST_KEY - 6]}_{number}")
    return tuple(keys)


def _property(question: Question) -> dict[str, Any]:
    if question.many:
        return {"type": "array", "items": {"type": "string"}, "description": question.question}
    return {"type": "string", "description": question.question}


def _problem(key: str, question: Question, answer: dict[str, Any]) -> str | None:
    if key not in answer:
        return f'the key "{key}" is missing'
    value = answer[key]
    if value is None:
        return None
    if question.many:
        fits = isinstance(value, list) and all(isinstance(item, str) for item in value)
        return None if fits else f'"{key}" must be a list of strings'
    return None if isinstance(value, str) else f'"{key}" must be a string'


def _value(question: Question, value: Any) -> Value:
    # Models write null for what they did not find, whatever they are told.
    if value is None:
        return question.empty
    if question.many:
        return [text for item in value if (text := _storable(item))]
    return _storable(value)


def _storable(text: str) -> str:
    """Without NUL and halves of characters, which JSON can say and neither a file nor a database can hold."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd").strip()
