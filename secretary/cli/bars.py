"""Many jobs on a screen: a bar each as far as there is room, and a line that counts them all."""

import contextlib
import signal
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from secretary.cli.remote.followed import Followed
from secretary.cli.speaking import one_line

STYLES: Final = {"completed": "green", "failed": "red", "cancelled": "yellow", "processing": "cyan", "pending": "dim"}
_ORDER: Final = {"processing": 0, "failed": 1, "cancelled": 1, "pending": 2, "": 2, "completed": 3}
_NARROW: Final = 40
"""Columns; a narrower terminal has no room for bars beside names and figures."""

_WIDEST_NAME: Final = 40
_LONGEST_BAR: Final = 30
_FRAMES_A_SECOND: Final = 8


class Bars:
    """What is followed, as it is drawn."""

    def __init__(self, console: Console, followed: Sequence[Followed]) -> None:
        self._console = console
        self._followed = followed
        self._began = time.monotonic()
        self.note = ""

    def __rich__(self) -> RenderableType:
        # One line stays free, since a terminal scrolls when its last one is full.
        room = max(1, self._console.height - (3 if self.note else 2))
        parts: list[RenderableType] = [self._table(self._shown(room))]
        if len(self._followed) > 1:
            parts.append(self._summary())
        if self.note:
            parts.append(Text(one_line(self.note), style="yellow", overflow="ellipsis", no_wrap=True))
        return Group(*parts)

    def _shown(self, room: int) -> Sequence[Followed]:
        """All in their order where there is room, else first those that run, and those that went wrong."""
        if len(self._followed) <= room:
            return self._followed
        return sorted(self._followed, key=lambda one: 1 if one.problem else _ORDER[one.status])[:room]

    def _table(self, shown: Sequence[Followed]) -> Table:
        width = self._console.width
        table = Table.grid(padding=(0, 1), expand=True)
        names = max((len(label(one)) for one in shown), default=0)
        table.add_column(no_wrap=True, overflow="ellipsis", width=min(names, _WIDEST_NAME, max(8, width // 3)))
        bar_width = min(_LONGEST_BAR, width // 4 - 2)
        if width >= _NARROW:
            table.add_column(width=bar_width)
        table.add_column(justify="right", width=5, no_wrap=True)
        table.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
        for one in shown:
            style = STYLES.get("failed" if one.problem and not one.status else one.status, "dim")
            bar = ProgressBar(total=100, completed=one.percent, complete_style=style, finished_style=style)
            cells = (Text(label(one)), bar, f"{int(one.percent)} %", Text(said(one), style=style))
            table.add_row(*(cells if width >= _NARROW else (cells[0], *cells[2:])))
        return table

    def _summary(self) -> Text:
        counted = Counter(
            "failed" if one.problem and not one.ended else one.status or "pending" for one in self._followed
        )
        parts = [
            f"{counted[status]} {word}"
            for status, word in (("processing", "running"), ("pending", "waiting"), *((s, s) for s in _ENDS))
            if counted[status]
        ]
        seconds = int(time.monotonic() - self._began)
        text = f"{len(self._followed)} followed: {', '.join(parts)}; {seconds // 60}:{seconds % 60:02d}"
        return Text(text, style="bold", overflow="ellipsis", no_wrap=True)


_ENDS: Final = ("completed", "failed", "cancelled")


@contextlib.contextmanager
def showing_bars(console: Console, followed: Sequence[Followed]) -> Iterator[Bars]:
    """Bars that stay on the screen as they are at the end."""
    bars = Bars(console, followed)
    live = Live(
        bars, console=console, refresh_per_second=_FRAMES_A_SECOND, redirect_stdout=False, redirect_stderr=False
    )
    try:
        with _undisturbed():
            live.start()
        yield bars
    finally:
        with _undisturbed():
            live.stop()


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """An interrupt waits until this is done; half way the cursor would stay hidden."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def label(one: Followed) -> str:
    """What a person knows it by."""
    return one_line(one.name) or one.id


def said(one: Followed) -> str:
    """What it is doing, or how it ended."""
    if one.problem is not None:
        return one_line(one.problem.message)
    if one.status == "pending" and not one.is_batch:
        return "waiting"
    if one.ended and not one.is_batch:
        return one.status + (f", {len(one.warnings)} warnings" if len(one.warnings) > 1 else "")
    return one_line(one.message or one.step)
