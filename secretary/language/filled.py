"""What filling a template's fields gives, whoever filled them: the rules by extraction or a language model by generation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

Value: TypeAlias = "str | int | float | bool | list[Value] | dict[str, Value] | None"
"""The answer to one field, as JSON can say it; None is no answer."""


@dataclass(frozen=True, slots=True)
class TextPlace:
    """Where a value stands in the text: character offsets, `end` exclusive, and the line of `start`, counted from 1."""

    start: int
    end: int
    line: int


@dataclass(frozen=True, slots=True)
class Usage:
    """What a provider used: requests, tokens as it counted them (None where it did not say), seconds of waiting, and the
    temperature it was asked with (None where it takes none)."""

    requests: int
    input_tokens: int | None
    output_tokens: int | None
    seconds: float
    temperature: float | None = None


@dataclass(frozen=True, slots=True)
class Filled:
    """The fields' values by name, and how they came about.

    `values` holds every field of the template; what was not found is None there and named in `unfilled`. `generated` is False when
    every value is a piece of the text; `places` then says where, one place for each string in the value, in their order.
    """

    values: Mapping[str, Value]
    provider: str
    generated: bool
    unfilled: tuple[str, ...] = ()
    places: Mapping[str, tuple[TextPlace, ...]] = field(default_factory=dict)
    usage: Usage | None = None
    model: str | None = None
    notes: tuple[str, ...] = ()
    """Sentences for the job's log, such as that a summary is made of sentences taken from the text."""
