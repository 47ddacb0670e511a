"""PDF pages per second by wall clock, the whole way of a job, against two processes that do nothing but read text."""

import multiprocessing
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

import pypdfium2

from benchmarks.documents import corpus, made_documents
from benchmarks.figures import Figure, rate_figure
from benchmarks.installation import Installation, running_service
from benchmarks.options import Options

PROCESSES: Final = 2
AIM: Final = "0.85"
TEXT: Final = "text only"
WAYS: Final = {
    TEXT: {"include_tables": False, "include_markdown": False, "use_cache": False},
    "with Markdown": {"include_tables": False, "use_cache": False},
    "with Markdown and tables": {"use_cache": False},
}
"""What is asked of a job, by what the figure calls it."""

_pdfium: Any = pypdfium2


def measure(options: Options) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="sec-") as folder:
        made = made_documents(Path(folder), count=options.few(8, 2), pages=options.few(300, 20))
        found = corpus()
        roots = {path.parent for path in (*made, *found)}
        with (
            running_service(*roots) as service,
            ProcessPoolExecutor(PROCESSES, mp_context=multiprocessing.get_context("spawn")) as pool,
        ):
            figures = _compared(service, pool, f"{len(made)} made documents", made, options)
            if readable := [path for path in found if pool.submit(_is_readable, path).result()]:
                figures += _compared(service, pool, f"corpus, {len(readable)} files", readable, options)
    return figures


@dataclass(frozen=True, slots=True)
class Run:
    """All files once: how long it took, and how much CPU all processes together used."""

    seconds: float
    cpu_seconds: float


def _compared(
    service: Installation, pool: ProcessPoolExecutor, name: str, files: Sequence[Path], options: Options
) -> list[Figure]:
    bare: list[Run] = []
    ours: dict[str, list[Run]] = {}
    for _ in range(options.few(options.rounds, 1)):
        pages, run = _read_by_pool(pool, files)
        bare.append(run)
        for way, parameters in WAYS.items():
            ours.setdefault(way, []).append(_read_by_jobs(service, files, parameters))
    what = f"{name}, {pages:,} pages"
    return [_figure(f"{what}, {way}", pages, bare, runs, AIM if way == TEXT else "") for way, runs in ours.items()]


def _figure(what: str, pages: int, bare: Sequence[Run], ours: Sequence[Run], aim: str) -> Figure:
    baseline, own = ([pages / run.seconds for run in runs] for runs in (bare, ours))
    # Told beside the wall clock, since it hardly changes with what else the machine does.
    theirs_cpu, own_cpu = (1000 * median(run.cpu_seconds for run in runs) / pages for runs in (bare, ours))
    note = f"CPU {own_cpu:.1f} ms a page against {theirs_cpu:.1f}"
    return rate_figure(what, "pages/s", baseline=baseline, ours=own, aim=aim, note=note)


def _read_by_pool(pool: ProcessPoolExecutor, files: Sequence[Path]) -> tuple[int, Run]:
    begun = time.monotonic()
    found = list(pool.map(_read_bare, files))
    seconds = time.monotonic() - begun
    return sum(pages for pages, _ in found), Run(seconds, sum(cpu for _, cpu in found))


def _read_by_jobs(service: Installation, files: Sequence[Path], parameters: dict[str, bool]) -> Run:
    before = service.cpu_seconds()
    run = service.run_batch(
        [{"job_type": "pdf", "parameters": {"filename": str(path), **parameters}} for path in files]
    )
    if run.failed:
        raise RuntimeError(f"{run.failed} of {len(files)} jobs failed")
    return Run(run.seconds, service.cpu_seconds() - before)


def _read_bare(path: Path) -> tuple[int, float]:
    """The text of each page that can be read; returns how many pages there are, and seconds of CPU."""
    begun = time.process_time()
    with _pdfium.PdfDocument(path) as document:
        for number in range(len(document)):
            try:
                page = document[number]
            except _pdfium.PdfiumError:
                continue
            text = page.get_textpage()
            text.get_text_bounded()
            text.close()
            page.close()
        return len(document), time.process_time() - begun


def _is_readable(path: Path) -> bool:
    try:
        return _read_bare(path)[0] > 0
    except _pdfium.PdfiumError:
        return False
