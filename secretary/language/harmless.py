"""Text of others as it may stand in Markdown that a browser shows: no HTML, and no link that leads elsewhere than to the web."""

import re
from typing import Final

from secretary.language.filled import Value

_TAG: Final = re.compile(r"<(?=[A-Za-z/!?])")
_DESTINATION: Final = re.compile(r"(\]\(|\]:)(\s*)([^\s)]*)")
_OPENING: Final = re.compile(r"[^/?#]*")
_OF_THE_WEB: Final = ("http://", "https://", "mailto:")


def harmless(text: str) -> str:
    """The text with tags as text, and with nothing but `#` where a link would run a script or open a file."""
    return _DESTINATION.sub(_checked, _TAG.sub("&lt;", text))


def harmless_value(value: Value) -> Value:
    """Every text in a value, also its names."""
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, list):
        return [harmless_value(each) for each in value]
    if isinstance(value, dict):
        return {harmless(name): harmless_value(each) for name, each in value.items()}
    return value


def _checked(link: re.Match[str]) -> str:
    """A scheme may also be spelt with entities or backslashes, which Markdown resolves."""
    opening, blanks, destination = link.groups()
    if destination.lower().startswith(_OF_THE_WEB):
        return link[0]
    beginning = _OPENING.match(destination)
    is_odd = beginning is not None and any(letter in beginning[0] for letter in ":&\\%")
    return f"{opening}{blanks}#" if is_odd else link[0]
