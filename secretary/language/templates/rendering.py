"""Writes a template out with its values. What comes from a value is never read as a template again."""

from collections.abc import Mapping, Sequence
from typing import Final

from secretary.language.filled import Value
from secretary.language.templates.front_matter import write_front_matter
from secretary.language.templates.markdown_values import one_line, write_value
from secretary.language.templates.template import INPUT_TEXT, Piece, Placeholder, Template

_TARGET_LANGUAGE: Final = "target_language"
_LINE_BEGINNING: Final = 200
"""Characters of a line that tell what kind of line it is."""


def render(
    template: Template, values: Mapping[str, Value], variables: Mapping[str, Value] | None = None, text: str = ""
) -> str:
    """The filled template. A field or variable without a value leaves its place empty; `text` is what `{{text}}` stands for."""
    given = _Given(template, values, variables or {}, text)
    front = template.opening + write_front_matter(template.front_matter_pieces, given.value) + template.closing
    return _encodable(front + _write_body(template.body_pieces, given, _line_end(template)))


def render_system_prompt(template: Template, variables: Mapping[str, Value], *, target_language: str) -> str | None:
    """The template's own system prompt with `{target_language}` and the variables that are given; others stay as written."""
    if template.system_prompt is None:
        return None
    known = {**variables, _TARGET_LANGUAGE: target_language}
    parts = []
    for piece in template.system_prompt_pieces:
        if isinstance(piece, str):
            parts.append(piece.replace(f"{{{_TARGET_LANGUAGE}}}", target_language))
        elif piece.name in known and piece.name != INPUT_TEXT:
            parts.append(one_line(known[piece.name]))
        else:
            parts.append(f"{{{{{piece.name}}}}}")
    return _encodable("".join(parts).strip())


class _Given:
    """Which value a placeholder stands for."""

    def __init__(
        self, template: Template, values: Mapping[str, Value], variables: Mapping[str, Value], text: str
    ) -> None:
        self._fields = {field.name for field in template.fields}
        self._values = values
        self._variables = variables
        self._text = text

    def value(self, placeholder: Placeholder) -> Value:
        if placeholder.name in self._fields:
            return self._values.get(placeholder.name)
        if placeholder.name == INPUT_TEXT:
            return self._text
        return self._variables.get(placeholder.name)


def _write_body(pieces: Sequence[Piece], given: _Given, line_end: str) -> str:
    """Each value is written as its line in the template wants it."""
    out: list[str] = []
    before = ""
    for index, piece in enumerate(pieces):
        if isinstance(piece, str):
            out.append(piece)
            before = (before + piece).rpartition("\n")[2][:_LINE_BEGINNING]
            continue
        after, following = _rest_of_line(pieces, index + 1)
        written = write_value(given.value(piece), before, after, following)
        out.append(written.replace("\n", line_end) if line_end != "\n" and "\r" not in written else written)
        # Only what the template itself has on this line decides how the next value is written.
        before += "" if before.endswith("x") else "x"
    return "".join(out)


def _rest_of_line(pieces: Sequence[Piece], index: int) -> tuple[str, str]:
    """What the template has behind a placeholder on its line, and the line below."""
    rest: list[str] = []
    for piece in pieces[index : index + 2]:
        if isinstance(piece, Placeholder):
            rest.append("x")
            continue
        line, end, following = piece.partition("\n")
        rest.append(line)
        if end:
            return "".join(rest), following.partition("\n")[0]
    return "".join(rest), ""


def _line_end(template: Template) -> str:
    """The template's own line ends, for the lines that values add."""
    written = template.opening + template.body
    return "\r\n" if "\r\n" in written else "\n"


def _encodable(text: str) -> str:
    """Without halves of characters, which JSON can say and no file can hold."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
