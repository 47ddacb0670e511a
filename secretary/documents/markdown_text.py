"""A document's text made safe to stand in Markdown: none of its characters can become Markdown or HTML."""

import re

# Characters that mean something anywhere in a line; an underscore within a word and an ampersand alone mean nothing.
_ANYWHERE = re.compile(r"[\\`*\[\]<~]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")
_MARKS = "\\`*[]<~_&"  # looked for first, as text is long and has none
_NUMBER = re.compile(r"(\d{1,9})([.)])(?=\s|$)")
_BLOCK = re.compile(r"#{1,6}(?=\s|$)|>|[-+](?=\s|$)|-(?=[-\s]*$)|=(?==*\s*$)")
_CLOSING = re.compile(r"(?<=\s)#(?=#*$)|^#(?=#*$)")


def inline(text: str) -> str:
    """The text as a part of one line."""
    line = text
    if "  " in text or not text.isprintable() or text.strip() != text:
        line = " ".join(text.split())
    for mark in _MARKS:
        if mark in line:
            return _ANYWHERE.sub(_escaped, line)
    return line


def paragraph(text: str) -> str:
    """The text as one line that is a paragraph, whatever it begins with."""
    line = inline(text)
    if line[:1].isalpha():
        return line
    numbered = _NUMBER.match(line)
    if numbered:
        return f"{numbered[1]}\\{line[numbered.end(1) :]}"
    return f"\\{line}" if _BLOCK.match(line) else line


def heading(text: str, level: int) -> str:
    """The text as a heading; what would be taken for its end stays."""
    return f"{'#' * level} {_CLOSING.sub(_escaped, inline(text))}".rstrip()


def cell(text: str | None) -> str:
    """The text as a cell of a table: on one line, with its own line ends as breaks."""
    lines = (inline(line).replace("|", "\\|") for line in (text or "").splitlines())
    return "<br>".join(line for line in lines if line)


def _escaped(match: re.Match[str]) -> str:
    return f"\\{match[0]}"
