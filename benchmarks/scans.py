"""Pages per minute of `ocr` and `combined` jobs, against one process that reads the same pages with the same engine."""

import multiprocessing
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Final

import pypdfium2

from benchmarks.documents import mixed_document, scanned_document
from benchmarks.figures import Figure, rate_figure
from benchmarks.installation import Installation, running_service
from benchmarks.options import Options
from secretary.documents.ocr import OcrEngine, open_engine

POINTS_AN_INCH: Final = 72
DPI: Final = 200
AIM: Final = "1.7 on two cores"

_pdfium: Any = pypdfium2


def measure(options: Options) -> list[Figure]:
    pages = options.few(12, 2)
    with tempfile.TemporaryDirectory(prefix="sec-") as name:
        scans = scanned_document(Path(name, "scans.pdf"), pages)
        mixed = mixed_document(Path(name, "mixed.pdf"), pages)
        with (
            running_service(Path(name)) as service,
            ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as alone,
        ):
            return [
                _compared(service, alone, scans, "ocr", pages, options),
                _compared(service, alone, mixed, "combined", 2 * pages, options),
            ]


def _compared(
    service: Installation, alone: ProcessPoolExecutor, path: Path, method: str, pages: int, options: Options
) -> Figure:
    parameters = {"filename": str(path), "extraction_method": method, "include_tables": False, "use_cache": False}
    bare, ours, cpu, bare_cpu = [], [], 0.0, 0.0
    rounds = options.few(options.rounds, 1)
    for _ in range(rounds):
        begun = time.monotonic()
        engine, seconds = alone.submit(partial(_read_bare, path, every_page=method == "ocr")).result()
        bare.append(60 * pages / (time.monotonic() - begun))
        bare_cpu += seconds
        before = service.cpu_seconds()
        run = service.run_batch([{"job_type": "pdf", "parameters": parameters}])
        if run.failed:
            raise RuntimeError(f"the {method} job failed")
        ours.append(60 * pages / run.seconds)
        cpu += service.cpu_seconds() - before
    what = f"{method}, {pages} pages" + ("" if method == "ocr" else ", every other one a scan")
    note = f"{engine}, CPU {cpu / rounds / pages:.2f} s a page against {bare_cpu / rounds / pages:.2f}"
    return rate_figure(what, "pages/min", baseline=bare, ours=ours, aim=AIM, note=note)


def _read_bare(path: Path, *, every_page: bool) -> tuple[str, float]:
    """Read each page without text, or every one, from its picture; returns the engine's name and seconds of CPU."""
    begun = time.process_time()
    engine = open_engine(None, None)
    with _pdfium.PdfDocument(path) as document:
        for page in document:
            text = page.get_textpage()
            if every_page or not text.get_text_bounded():
                _read(engine, page)
            text.close()
            page.close()
    engine.close()
    return engine.name, time.process_time() - begun


def _read(engine: OcrEngine, page: Any) -> None:
    engine.read(page.render(scale=DPI / POINTS_AN_INCH, grayscale=True).to_pil(), dpi=DPI)
