"""What a benchmark finds: rows of a table with ours, the baseline and their ratio."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Figure:
    """One row. `ratio` is ours divided by the baseline; `aim` and `note` may be empty."""

    what: str
    baseline: str
    ours: str
    ratio: float | None
    aim: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Latencies:
    """Milliseconds of many tries."""

    milliseconds: Sequence[float]

    @property
    def p50(self) -> float:
        return statistics.median(self.milliseconds)

    @property
    def p95(self) -> float:
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]

    def __str__(self) -> str:
        return f"p50 {self.p50:.1f}, p95 {self.p95:.1f} ms"


def rate_figure(
    what: str, unit: str, *, baseline: Sequence[float], ours: Sequence[float], aim: str = "", note: str = ""
) -> Figure:
    """Rates of several rounds, told by their medians."""
    theirs, own = statistics.median(baseline), statistics.median(ours)
    notes = ", ".join(filter(None, (_spread(ours), note)))
    return Figure(what, f"{theirs:,.0f} {unit}", f"{own:,.0f} {unit}", own / theirs, aim, notes)


def _spread(rates: Sequence[float]) -> str:
    return f"{min(rates):,.0f} to {max(rates):,.0f} in {len(rates)} rounds" if len(rates) > 1 else ""


_HEADS: Final = ("what", "baseline", "ours", "ours / baseline", "aim", "note")


def _cells(figure: Figure) -> tuple[str, ...]:
    ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
    return (figure.what, figure.baseline, figure.ours, ratio, figure.aim, figure.note)


def plain_table(figures: Sequence[Figure]) -> str:
    rows = [_HEADS, *map(_cells, figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def markdown_table(figures: Sequence[Figure]) -> str:
    rows = [_HEADS, tuple("---" for _ in _HEADS), *map(_cells, figures)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
