"""PDF pages per second by wall clock, the whole way of a job, against two processes that do nothing but read text."""

import multiprocessing
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, Final

import pypdfium2

from benchmarks.documents import corpus, made_documents
from benchmarks.figures import Figure, rate_figure
from benchmarks.installation import Installation, running_service
from benchmarks.options import Options

PROCESSES: Final = 2
AIM: Final = "0.85"
TEXT_ONLY: Final = {"include_tables": False, "use_cache": False}
DEFAULT: Final = {"use_cache": False}

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


def _compared(
    service: Installation, pool: ProcessPoolExecutor, name: str, files: Sequence[Path], options: Options
) -> list[Figure]:
    baseline, text_only, default = [], [], []
    for _ in range(options.few(options.rounds, 1)):
        begun = time.monotonic()
        pages = sum(pool.map(_read_bare, files))
        baseline.append(pages / (time.monotonic() - begun))
        text_only.append(pages / _read_by_jobs(service, files, TEXT_ONLY))
        default.append(pages / _read_by_jobs(service, files, DEFAULT))
    return [
        rate_figure(f"{name}, {pages:,} pages, text only", "pages/s", baseline=baseline, ours=text_only, aim=AIM),
        rate_figure(f"{name}, {pages:,} pages, with tables", "pages/s", baseline=baseline, ours=default),
    ]


def _read_by_jobs(service: Installation, files: Sequence[Path], parameters: dict[str, bool]) -> float:
    run = service.run_batch(
        [{"job_type": "pdf", "parameters": {"filename": str(path), **parameters}} for path in files]
    )
    if run.failed:
        raise RuntimeError(f"{run.failed} of {len(files)} jobs failed")
    return run.seconds


def _read_bare(path: Path) -> int:
    """The text of each page that has one; returns how many pages."""
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
        return len(document)


def _is_readable(path: Path) -> bool:
    try:
        return _read_bare(path) > 0
    except _pdfium.PdfiumError:
        return False
