"""Values as YAML front matter can hold them, so that no value can end its entry, open another or change its kind."""

import json
import math
import re
from datetime import date
from typing import Any, Final

from secretary.language.filled import Value

_UNPRINTABLE: Final = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
"""What YAML 1.1 and 1.2 do not take raw, or take for an end of line."""

_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_ESCAPED: Final = re.compile(r'[\\"\n\r\t]')
_INDICATORS: Final = frozenset("-?:,[]{}#&*!|>'\"%@`=")
_WORDS: Final = frozenset({"", "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "<<"})
_NUMBER_LIKE: Final = frozenset("+.0123456789")
_WORD_BEHIND: Final = re.compile(r" [^\W\d_]{2}")
_BREAKS_PLAIN: Final = re.compile(r":(?=\s|$)|\s#|[\n\r\t]|^\s|\s$")
_ISO_DATE_CHARACTERS: Final = 10


def scalar(value: Value, *, flow: bool = False) -> str:
    """A value that is all of an entry; `flow` inside `[…]` or `{…}`, where nothing would not be an item."""
    if value is None:
        return "null" if flow else ""
    if isinstance(value, str):
        return written(value, flow=flow)
    return _number(value) if isinstance(value, int | float) else as_json(value)


def written(text: str, *, flow: bool = False) -> str:
    """Text as it is where YAML reads it as the same text; in double quotes otherwise, and always in `[…]` and `{…}`."""
    return text if not flow and _is_plain(text) else f'"{escaped(text)}"'


def inline(value: Value) -> str:
    """A value as part of a longer text."""
    if isinstance(value, str):
        return value
    return "" if value is None else _number(value) if isinstance(value, int | float) else as_json(value)


def as_json(value: Any) -> str:
    """JSON on one line that is valid YAML, too."""
    return _UNPRINTABLE.sub(_code, json.dumps(_finite(value), ensure_ascii=False))


def escaped(text: str) -> str:
    """As it stands between double quotes, in YAML and JSON alike."""
    return _UNPRINTABLE.sub(_code, _ESCAPED.sub(lambda found: _ESCAPES[found.group()], text))


def printable(text: str) -> str:
    """Without the characters that YAML takes only as escapes, where there are no escapes."""
    return _UNPRINTABLE.sub("\ufffd", text)


def _number(value: float) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if math.isfinite(value) else "null"


def _is_plain(text: str) -> bool:
    if text.lower() in _WORDS or text[0] in _INDICATORS or text.startswith(("---", "...")):
        return False
    if text[0] in _NUMBER_LIKE and not _is_date(text) and not _WORD_BEHIND.search(text):
        return False
    return not (_UNPRINTABLE.search(text) or _BREAKS_PLAIN.search(text))


def _is_date(text: str) -> bool:
    """A date stays a date: that is what readers of front matter expect. One that does not exist breaks them."""
    if len(text) != _ISO_DATE_CHARACTERS or not text.isascii():
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return text[4] == text[7] == "-" and text[5] != "W"


def _code(found: re.Match[str]) -> str:
    return f"\\u{ord(found.group()):04x}"


def _finite(value: Any) -> Any:
    """JSON has no word for infinities and what is no number."""
    if isinstance(value, dict):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
