"""How the command line speaks: results on standard output, complaints on standard error, colours only in a terminal."""

from typing import Final

from rich.console import Console
from rich.text import Text

# What is printed is meant to be copied, so it is neither wrapped nor coloured by guesses.
out: Final = Console(soft_wrap=True, highlight=False, emoji=False)
err: Final = Console(stderr=True, soft_wrap=True, highlight=False, emoji=False)


def complain(sentence: str) -> None:
    """One sentence about what went wrong."""
    err.print(Text.assemble(("secretary: ", "bold red"), sentence))


def remark(sentence: str) -> None:
    """One sentence that is no result, such as what is being waited for."""
    err.print(Text(sentence, style="dim"))
