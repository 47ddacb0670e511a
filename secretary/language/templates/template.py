"""A template that was read: its parts as written, the fields that want answers and the variables that want values."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from secretary.language.templates.lists import asks_for_list

INPUT_TEXT: Final = "text"
"""The variable that is the job's input text."""


class FieldPlace(StrEnum):
    """Where a field's answer is first written."""

    FRONT_MATTER = "front_matter"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One `{{…}}`; with a question it is a field, without one a variable or a field's repeat. Line and column count from 1."""

    name: str
    question: str | None
    line: int
    column: int


Piece: TypeAlias = str | Placeholder
"""Text as written, or what a value is put in for."""


@dataclass(frozen=True, slots=True)
class TemplateField:
    """One field: `question` is asked about the text. Line and column are those of its first use, counted from 1."""

    name: str
    question: str
    place: FieldPlace
    line: int
    column: int

    @property
    def many(self) -> bool:
        """Whether the answer is a list of texts rather than one text."""
        return asks_for_list(self.name, self.question)


@dataclass(frozen=True, slots=True)
class FrontMatterEntry:
    """One entry of the front matter with the lines that belong to it, as written; `key` is None for comments and blank lines."""

    key: str | None
    text: str
    line: int

    @property
    def is_static(self) -> bool:
        return "{{" not in self.text


@dataclass(frozen=True, slots=True)
class Template:
    """A template. `front_matter` and `body` are as written; the pieces are what they are written out from."""

    name: str
    front_matter: tuple[FrontMatterEntry, ...]
    body: str
    system_prompt: str | None
    fields: tuple[TemplateField, ...]
    variables: tuple[str, ...]
    """Names used without being fields, in the order of their use; `text` is the input."""
    notes: tuple[str, ...]
    """Sentences about what its author may not have meant."""
    opening: str
    """The line that opens the front matter with its end, or nothing."""
    front_matter_pieces: tuple[Piece, ...]
    closing: str
    body_pieces: tuple[Piece, ...]
    system_prompt_pieces: tuple[Piece, ...]

    @property
    def wants_text(self) -> bool:
        """Whether the input text itself is written into the result."""
        return INPUT_TEXT in self.variables
