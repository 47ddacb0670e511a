"""How the command line speaks: results on standard output, complaints on standard error, colours only in a terminal."""

from typing import Final

from rich.console import Console
from rich.text import Text

# What is printed is meant to be copied, so it is neither wrapped nor coloured by guesses.
out: Final = Console(soft_wrap=True, highlight=False, emoji=False)
err: Final = Console(stderr=True, soft_wrap=True, highlight=False, emoji=False)

_HARMLESS: Final = {
    code: "\N{REPLACEMENT CHARACTER}"
    for code in (*range(32), *range(127, 160), *range(0xD800, 0xE000))
    if chr(code) not in "\n\t"
}
# Marks that turn the order of letters around, by which one name can pass for another; a text may need them.
_IN_ORDER: Final = dict.fromkeys((*range(8234, 8239), *range(8294, 8298)))


def harmless(text: str) -> str:
    """A text as it may be printed: a document must not be able to send commands to the terminal."""
    return text.replace("\r\n", "\n").translate(_HARMLESS)


def one_line(text: str) -> str:
    """A name or message as it may be printed, on one line."""
    return " ".join(harmless(text).translate(_IN_ORDER).split())


def complain(sentence: str) -> None:
    """One sentence about what went wrong."""
    err.print(Text.assemble(("secretary: ", "bold red"), harmless(sentence)))


def remark(sentence: str) -> None:
    """One sentence that is no result, such as what is being waited for."""
    err.print(Text(harmless(sentence), style="dim"))
