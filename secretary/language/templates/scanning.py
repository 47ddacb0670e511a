"""From text to pieces: finds each `{{…}}`, with the line and column where it begins, in one pass."""

import re
from bisect import bisect_right
from typing import Final

from secretary.errors import TemplateError
from secretary.language.templates.template import Piece, Placeholder

OPEN: Final = "{{"
CLOSE: Final = "}}"
_LITERAL_OPEN, _LITERAL_CLOSE = '{{"', '"}}'
_NAME: Final = re.compile(r"\w+(?:[ .\-]+\w+)*")
_LONGEST_NAME: Final = 100
_SHOWN: Final = 40
_LINE_END: Final = re.compile(r"\r?\n")
_BRACE: Final = re.compile(r"[{}]")


class Source:
    """A template's text, and where in it an offset lies."""

    def __init__(self, text: str, name: str) -> None:
        self.text = text
        self.name = name
        self.line_starts = [0, *(match.end() for match in _LINE_END.finditer(text))]

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, both counted from 1, the column in characters."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def error(self, offset: int, sentence: str) -> TemplateError:
        line, column = self.position(offset)
        return TemplateError.at(sentence, name=self.name, line=line, column=column)


def scan(source: Source, start: int, end: int) -> tuple[Piece, ...]:
    """The pieces of this part of the text. Raises TemplateError at what is opened and not closed, or has no possible name."""
    pieces: list[Piece] = []
    at = start
    while (opened := _opening(source.text, at, end)) >= 0:
        piece, behind = _placeholder(source, opened, end)
        pieces += [source.text[at:opened], piece]
        at = behind
    return tuple(piece for piece in (*pieces, source.text[at:end]) if piece)


def scan_leniently(source: Source, start: int, end: int) -> tuple[Piece, ...]:
    """The pieces of a part in which only `{{name}}` means something, and anything else stays as written."""
    pieces: list[Piece] = []
    at = start
    while (opened := _opening(source.text, at, end)) >= 0:
        inner = opened + len(OPEN)
        closed = source.text.find(CLOSE, inner, min(end, inner + _LONGEST_NAME))
        name = source.text[inner:closed].strip() if closed >= 0 else ""
        if _NAME.fullmatch(name):
            pieces += [source.text[at:opened], Placeholder(name, None, *source.position(opened))]
            at = closed + len(CLOSE)
        else:
            pieces.append(source.text[at:inner])
            at = inner
    return tuple(piece for piece in (*pieces, source.text[at:end]) if piece)


def _opening(text: str, at: int, end: int) -> int:
    """Where the next braces open, -1 for nowhere. Of three in a row the first stands for itself, as in `{{{name}}}`."""
    opened = text.find(OPEN, at, end)
    while opened >= 0 and text.startswith("{", opened + len(OPEN), end):
        opened += 1
    return opened


def _placeholder(source: Source, opened: int, end: int) -> tuple[Piece, int]:
    """What stands between the braces that open at `opened`, and the offset behind them."""
    if source.text.startswith(_LITERAL_OPEN, opened, end):
        return _literal(source, opened, end)
    inner = opened + len(OPEN)
    closed = _closing(source, opened, end)
    raw_name, bar, question = source.text[inner:closed].partition("|")
    name = raw_name.strip()
    if not _NAME.fullmatch(name) or len(name) > _LONGEST_NAME:
        raise source.error(opened, _bad_name(name))
    asked = _LINE_END.sub("\n", question).strip() or name if bar else None
    return Placeholder(name, asked, *source.position(opened)), closed + len(CLOSE)


def _literal(source: Source, opened: int, end: int) -> tuple[str, int]:
    closed = source.text.find(_LITERAL_CLOSE, opened + len(_LITERAL_OPEN), end)
    if closed < 0:
        raise source.error(opened, 'the quoted text that begins here is not closed; end it with "}}.')
    return source.text[opened + len(_LITERAL_OPEN) : closed], closed + len(_LITERAL_CLOSE)


def _closing(source: Source, opened: int, end: int) -> int:
    """Where the braces opened at `opened` close. A question may hold braces that match each other, as in `{"a": 1}`."""
    inner = opened + len(OPEN)
    following = source.text.find(OPEN, inner, end)
    limit = end if following < 0 else following
    closed = source.text.find(CLOSE, inner, limit)
    if closed < 0:
        raise source.error(opened, _unclosed(source, inner, limit, is_followed=following >= 0))
    matching = _matching(source.text, inner, limit)
    return closed if matching is None else matching


def _matching(text: str, inner: int, limit: int) -> int | None:
    """The first `}}` behind which every brace of the question has its other one; None when some brace has none."""
    depth = 0
    for brace in _BRACE.finditer(text, inner, limit):
        if brace.group() == "{":
            depth += 1
        elif depth:
            depth -= 1
        else:
            return brace.start() if text.startswith(CLOSE, brace.start(), limit) else None
    return None


def _unclosed(source: Source, inner: int, limit: int, *, is_followed: bool) -> str:
    name = source.text[inner:limit].partition("|")[0].strip()
    what = f'"{name[:_SHOWN]}"' if _NAME.fullmatch(name) else "what begins here"
    until = " before the next {{" if is_followed else ""
    return f"{what} is not closed{until}; write }}}} at its end."


def _bad_name(name: str) -> str:
    shown = f'"{name[:_SHOWN]}" cannot be a name' if name else "a name is missing after {{"
    return (
        f"{shown}; a field is {{{{name|question}}}}, a variable {{{{name}}}}, a name has letters, digits, _ - . "
        f'and at most {_LONGEST_NAME} characters, and braces themselves are written {{{{"{{{{"}}}}.'
    )
