"""`secretary doctor`: what is there, what is missing, and how to get it."""

from typing import Final

import typer
from rich.text import Text

from secretary import __version__
from secretary.cli.misspelling import misspelt
from secretary.cli.options import DataDir
from secretary.cli.speaking import out
from secretary.settings import load_settings

EXAMPLE: Final = "Example: [bold]secretary doctor --data-dir ./data[/bold]"

_MARKS: Final = {True: ("ok", "green"), False: ("missing", "bold red"), None: ("-", "dim")}


def doctor(data_dir: DataDir = None) -> None:
    """Say what is there and what is missing, and how to get it. Exit code 1 when something needed is missing."""
    from secretary.cli.findings import examine

    settings = load_settings(data_dir=data_dir)
    out.print(Text(f"secretary {__version__}", style="bold"))
    needed_missing = False
    for finding in examine(settings):
        mark, style = _MARKS[finding.good]
        out.print(Text.assemble((f"  {mark:<8}", style), f"{finding.name:<16}", finding.text))
        needed_missing = needed_missing or finding.good is False
    for sentence in misspelt():
        out.print(Text.assemble(("  note    ", "yellow"), sentence))
    if needed_missing:
        raise typer.Exit(1)
