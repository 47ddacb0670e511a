"""The characters of a text file or web page of unknown origin: by its marks, what was said of it, and what it can be."""

import codecs
import re
from typing import Final

_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_DECLARED: Final = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.\-]{1,40})""", re.IGNORECASE)
_DECLARED_WITHIN: Final = 4096
# What says latin-1 or ASCII is Windows' in practice: WHATWG's Encoding Standard reads these names so.
_WINDOWS: Final = frozenset({"ascii", "iso8859-1"})
_CHARSETS: Final = re.compile(
    r"utf-|iso8859-|iso2022|cp\d|windows|koi8|mac-|big5|gb|hz|shift_jis|euc_|tis-620|johab|ascii"
)
_LAST: Final = "cp1252"


def decoded(data: bytes, *, said: str | None = None, is_html: bool = False) -> str:
    """The text. `said` is what its server called the charset. What cannot be read becomes U+FFFD, line ends become `\\n`."""
    text = data.decode(_encoding(data, said, is_html=is_html), "replace")
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _encoding(data: bytes, said: str | None, *, is_html: bool) -> str:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    declared = _DECLARED.search(data, 0, _DECLARED_WITHIN) if is_html else None
    names = [said or "", declared[1].decode("ascii") if declared else ""]
    for known in filter(None, map(_known, names)):
        return known
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _LAST
    return "utf-8"


def _known(name: str) -> str | None:
    """Python's name for a charset; None for what is none. Python calls ways of packing and escaping by such names, too."""
    try:
        found = codecs.lookup(name.strip().strip("\"'")).name
    except (LookupError, ValueError):
        return None
    if not _CHARSETS.match(found):
        return None
    return _LAST if found in _WINDOWS else found
