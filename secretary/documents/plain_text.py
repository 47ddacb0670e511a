"""Text as a job may hand it out: line ends of one kind, storable in a database, every character writable as UTF-8."""

import re

# PDFium leaves these where it joined a word that was hyphenated at a line's end; elsewhere they are glyphs of no meaning.
_JOINED_WORD = re.compile(r"(?<=\w)[\x02\ufffe](?=\w)")
# PostgreSQL refuses NUL in JSON, UTF-8 has no surrogates, and the other controls stand for glyphs without a meaning.
_MEANINGLESS = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_UNKNOWN = "\N{REPLACEMENT CHARACTER}"


def plain(text: str) -> str:
    """The text with line feeds for line ends, hyphenated words joined and what cannot be stored replaced."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not _MEANINGLESS.search(text):
        return text
    return _MEANINGLESS.sub(_UNKNOWN, _PAIR.sub(_whole, _JOINED_WORD.sub("", text)))


def _whole(pair: re.Match[str]) -> str:
    """The character that two halves stand for, as PDFium gives characters one by one."""
    return pair[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le")


def one_line(text: str, longest: int) -> str:
    """The text with every run of white space as one space, cut at `longest` characters."""
    return " ".join(plain(text).split())[:longest].rstrip()
