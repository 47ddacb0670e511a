"""Reads a template: finds its three parts, their fields and variables, and says by line and column what is wrong."""

import re
from collections.abc import Iterable
from typing import Final

from secretary.errors import TemplateError
from secretary.language.templates.scanning import Source, scan, scan_leniently
from secretary.language.templates.template import (
    FieldPlace,
    FrontMatterEntry,
    Piece,
    Placeholder,
    Template,
    TemplateField,
)

MAX_CHARACTERS: Final = 1_000_000
_BYTE_ORDER_MARK: Final = "\ufeff"
_LONE_RETURN: Final = re.compile(r"\r(?!\n)")
_RULE: Final = re.compile(r"---[ \t]*")
_SYSTEM_PROMPT: Final = re.compile(r"[ \t]{0,3}---[ \t]*system[ _-]?prompt[ \t]*:?[ \t]*", re.IGNORECASE)
_KEY: Final = re.compile(r"""("[^"\n]*"|'[^'\n]*'|[^\s#"'\-:][^:\n]*):(?=\s|\{\{|$)""")


def parse_template(text: str, *, name: str) -> Template:
    """The template of this text; `name` stands in its errors. Raises TemplateError with line and column."""
    source = Source(_LONE_RETURN.sub("\n", text.removeprefix(_BYTE_ORDER_MARK)), name)
    if len(source.text) > MAX_CHARACTERS:
        raise TemplateError.at(f"a template has at most {MAX_CHARACTERS:,} characters.", name=name, line=1, column=1)
    lines = [*source.line_starts, len(source.text)]
    content_end, prompt_start = _system_prompt(source, lines)
    first, last, body_start = _front_matter(source, lines, content_end)
    front_pieces = scan(source, first, last)
    body_pieces = scan(source, body_start, content_end)
    prompt_pieces = scan_leniently(source, prompt_start, len(source.text))
    fields, notes = _fields(front_pieces, body_pieces)
    return Template(
        name=name,
        front_matter=tuple(_entries(source, lines, first, last)),
        body=source.text[body_start:content_end],
        system_prompt=source.text[prompt_start:].strip() or None,
        fields=fields,
        variables=_variables((*front_pieces, *body_pieces, *prompt_pieces), {field.name for field in fields}),
        notes=notes,
        opening=source.text[:first],
        front_matter_pieces=front_pieces,
        closing=source.text[last:body_start],
        body_pieces=body_pieces,
        system_prompt_pieces=prompt_pieces,
    )


def _line(source: Source, lines: list[int], index: int) -> str:
    return source.text[lines[index] : lines[index + 1]].rstrip("\r\n")


def _system_prompt(source: Source, lines: list[int]) -> tuple[int, int]:
    """Where the content ends, and where the system prompt begins."""
    for index in range(len(lines) - 1):
        if _SYSTEM_PROMPT.fullmatch(_line(source, lines, index)):
            return lines[index], lines[index + 1]
    return len(source.text), len(source.text)


def _front_matter(source: Source, lines: list[int], end: int) -> tuple[int, int, int]:
    """Where the front matter's entries begin and end, and where the body begins; all 0 without front matter."""
    if end == 0 or not _RULE.fullmatch(_line(source, lines, 0)):
        return 0, 0, 0
    open_field = 0
    for index in range(1, len(lines) - 1):
        if lines[index] >= end:
            break
        line = _line(source, lines, index)
        if _RULE.fullmatch(line) and not open_field:
            return lines[1], lines[index], lines[index + 1]
        # A question over several lines may hold such a line, too.
        open_field = int(line.rfind("{{") > line.rfind("}}")) if "{{" in line or "}}" in line else open_field
    if lines[1] < end and _KEY.match(_line(source, lines, 1)):
        raise source.error(0, "the front matter that begins here is not closed; end it with a line ---.")
    return 0, 0, 0


def _entries(source: Source, lines: list[int], first: int, last: int) -> Iterable[FrontMatterEntry]:
    """Each key at the left margin opens an entry; lines below it that are indented, or items of its list, belong to it."""
    key, begun, line_number = None, first, 2
    for index in range(1, len(lines) - 1):
        if not first <= lines[index] < last:
            continue
        found = _KEY.match(_line(source, lines, index))
        if found and lines[index] > begun:
            yield FrontMatterEntry(key, source.text[begun : lines[index]], line_number)
        if found:
            key, begun, line_number = found.group(1).strip().strip("\"'"), lines[index], index + 1
    if begun < last:
        yield FrontMatterEntry(key, source.text[begun:last], line_number)


def _fields(front: tuple[Piece, ...], body: tuple[Piece, ...]) -> tuple[tuple[TemplateField, ...], tuple[str, ...]]:
    """Each field once. One that is asked for differently at several places gets all its questions, so that none is lost."""
    found: dict[str, TemplateField] = {}
    questions: dict[str, dict[str, None]] = {}
    for place, pieces in ((FieldPlace.FRONT_MATTER, front), (FieldPlace.BODY, body)):
        for piece in pieces:
            if isinstance(piece, Placeholder) and piece.question is not None:
                questions.setdefault(piece.name, {})[piece.question] = None
                found.setdefault(piece.name, TemplateField(piece.name, piece.question, place, piece.line, piece.column))
    fields = tuple(
        TemplateField(field.name, "\n".join(questions[field.name]), field.place, field.line, field.column)
        for field in found.values()
    )
    notes = tuple(
        f'The field "{name}" is asked for with {len(asked)} different questions; one answer is asked for that suits all.'
        for name, asked in questions.items()
        if len(asked) > 1
    )
    return fields, notes


def _variables(pieces: Iterable[Piece], fields: set[str]) -> tuple[str, ...]:
    names = (piece.name for piece in pieces if isinstance(piece, Placeholder))
    return tuple(dict.fromkeys(name for name in names if name not in fields))
