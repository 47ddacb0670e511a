"""What `secretary run` shows of a job: a bar or plain lines while it goes, then the text's beginning and where the results lie."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from secretary.cli.speaking import harmless, one_line
from secretary.files.produced import WorkingFolder

BEGINNING_CHARACTERS: Final = 700
BEGINNING_LINES: Final = 14

Show = Callable[[int, str], None]


@contextlib.contextmanager
def showing_progress(console: Console, name: str) -> Iterator[Show]:
    """Something to tell percent and message to."""
    if not console.is_terminal:
        yield _plain_lines(console)
        return
    columns = (
        TextColumn("{task.fields[name]}", markup=False),
        BarColumn(bar_width=30),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    message_column = TextColumn("{task.description}", style="dim", markup=False)
    with Progress(*columns, message_column, console=console, transient=True) as progress:
        task = progress.add_task("", total=100, name=one_line(name))
        yield lambda percent, message: progress.update(task, completed=percent, description=one_line(message))


def _plain_lines(console: Console) -> Show:
    last: tuple[int, str] | None = None

    def show(percent: int, message: str) -> None:
        nonlocal last
        if (percent, message) != last:
            console.print(f"{percent:3d} %  {one_line(message)}", markup=False)
        last = (percent, message)

    return show


def print_results(console: Console, name: str, job: dict[str, Any], *, whole_text: bool) -> None:
    """The end of a completed job."""
    results = job.get("results") or {}
    data = results.get("structured_data") or {}
    for warning in results.get("warnings") or []:
        console.print(Text.assemble(("warning: ", "yellow"), one_line(warning)))
    console.print(Text.assemble((one_line(name), "bold"), f": {_counts(data)}", "\n"))
    text = harmless(str(data.get("extracted_text") or ""))
    console.print(
        Text(text if whole_text else beginning(text))
        if text.strip()
        else Text("(no text in this document)", style="dim")
    )
    console.print()
    target = str(results.get("target_dir") or ".")
    console.print(Text.assemble(("Results  ", "dim"), target))
    archive = WorkingFolder(Path(target).parent).archive
    if archive.is_file():
        console.print(Text.assemble(("Archive  ", "dim"), str(archive)))


def beginning(text: str) -> str:
    """The first lines of a text, with a word on how much more there is."""
    lines = text.strip().splitlines()
    kept = "\n".join(lines[:BEGINNING_LINES])[:BEGINNING_CHARACTERS].rstrip()
    left = len(text.strip()) - len(kept)
    return f"{kept}\n… {left:,} more characters" if left > 0 else kept


def _counts(data: dict[str, Any]) -> str:
    read = len((data.get("metadata") or {}).get("text_contents") or [])
    tables = len(data.get("tables") or [])
    return f"{_number(read, 'page')} read, {_number(tables, 'table')}"


def _number(count: int, word: str) -> str:
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"
