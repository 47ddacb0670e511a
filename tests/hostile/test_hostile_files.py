"""Each of some fifty hostile PDFs ends within its limits, with a fitting code or what could be read, and harms no other job."""

import inspect
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from PIL import Image

from secretary.errors import ErrorCode
from secretary.jobs import JobStatus
from secretary.models import JobRow
from secretary.resources import Resources
from tests.chaos.conftest import installation, resources  # noqa: F401  # fixtures
from tests.chaos.test_nothing_lost_nothing_twice import create, follow, job
from tests.hostile import bombs, contents, structures
from tests.installation import Installation

MEGABYTES = 512
BY_LIMITS = {ErrorCode.OUT_OF_MEMORY, ErrorCode.TIMEOUT}

MAKERS = {
    name: make
    for module in (bombs, contents, structures)
    for name, make in inspect.getmembers(module, inspect.isfunction)
    if make.__module__ == module.__name__ and not name.startswith("_")
}

REFUSED: dict[str, set[ErrorCode]] = {
    "colour_profile_unpacks_to_too_much": BY_LIMITS,
    "content_unpacks_to_too_much": BY_LIMITS,
    "font_file_unpacks_to_too_much": BY_LIMITS,
    "text_unpacks_to_too_much": BY_LIMITS,
    "forms_that_double": BY_LIMITS,
    "millions_of_saved_states": BY_LIMITS,
    "reference_that_is_itself": {ErrorCode.TIMEOUT},
    "encrypted_by_an_unheard_of_handler": {ErrorCode.ENCRYPTED_FILE},
    "encrypted_by_an_unheard_of_version": {ErrorCode.ENCRYPTED_FILE},
    "encrypted_with_parts_missing": {ErrorCode.ENCRYPTED_FILE},
    "no_pages": {ErrorCode.INVALID_FILE},
    "page_tree_of_ten_thousand_levels": {ErrorCode.INVALID_FILE},
    "page_tree_that_loops": {ErrorCode.INVALID_FILE},
    "same_page_a_hundred_thousand_times": {ErrorCode.TOO_MANY_PAGES},
}
# The page that is read within its time on a fast machine only, and drawn within it on none.
BY_SPEED = {"millions_of_lines": 1, "one_page_that_takes_for_ever": 2}
PARTIAL = {"one_bomb_among_good_pages": [3]}
TEXTS = {
    "one_bomb_among_good_pages": "good page 1\n\ngood page 2\n\ngood page 4\n\ngood page 5",
    "cut_in_half": "what is left of it",
    "giant_page": "far and wide",
    "length_beyond_the_file": "x",
    "many_annotations": "noted",
    "offsets_of_noise": "found all the same",
    "offsets_that_loop": "in circles",
    "runs_a_program_when_opened": "harmless",
    "web_page_before_a_pdf": "two in one",
    "zip_around_a_pdf": "packed",
}


def test_there_are_enough_of_them() -> None:
    assert len(MAKERS) >= 50
    assert {*REFUSED, *PARTIAL, *TEXTS} <= MAKERS.keys()


@pytest.mark.parametrize("installation", ["sqlite"], indirect=True)
async def test_each_ends_within_its_limits_and_the_next_job_runs(
    installation: Installation,  # noqa: F811
    resources: Resources,  # noqa: F811
    inputs: Path,
) -> None:
    for name, make in MAKERS.items():
        (inputs / f"{name}.pdf").write_bytes(make())
    worker = installation.start_worker(
        SECRETARY_PAGE_SECONDS="3",
        SECRETARY_SILENCE_SECONDS="10",
        SECRETARY_JOB_SECONDS="60",
        SECRETARY_MEMORY_MEGABYTES=str(MEGABYTES),
    )
    with peak_memory(worker) as peak:
        job_ids = {name: await create(resources, "pdf", filename=f"{name}.pdf", include_images=True) for name in MAKERS}
        harmless = await create(resources, "noop")
        assert (await follow(resources, harmless, seconds=150.0))[-1].status is JobStatus.COMPLETED
        rows = {}
        for name, job_id in job_ids.items():
            await follow(resources, job_id, seconds=60.0)
            rows[name] = await job(resources, job_id)
    assert {name: wrong for name, row in rows.items() if (wrong := what_is_wrong(name, row))} == {}
    assert peak[0] <= MEGABYTES * 1024 * 1024
    assert worker.poll() is None


def what_is_wrong(name: str, row: JobRow) -> str | None:
    """A sentence about an end that was not to be."""
    if name in BY_SPEED:
        return _slow_page_is_wrong(row, BY_SPEED[name])
    if name in REFUSED:
        fits = row.status is JobStatus.FAILED and row.error_code in REFUSED[name] and row.results is None
        return None if fits else f"{row.status} {row.error_code} {row.error_message}"
    if row.status is not JobStatus.COMPLETED:
        return f"{row.status} {row.error_code} {row.error_message}"
    data = (row.results or {})["structured_data"]
    if [page["page"] for page in data["metadata"]["failed_pages"]] != PARTIAL.get(name, []):
        return f"failed pages {data['metadata']['failed_pages']}"
    if name in TEXTS and data["extracted_text"] != TEXTS[name]:
        return f"text {data['extracted_text'][:100]!r}"
    return _pictures_are_wrong(row)


def _slow_page_is_wrong(row: JobRow, number: int) -> str | None:
    if row.status is JobStatus.FAILED:
        return None if row.error_code in BY_LIMITS else f"{row.error_code}"
    failed = (row.results or {})["structured_data"]["metadata"]["failed_pages"]
    if [page["page"] for page in failed] not in ([], [number]):
        return f"failed pages {failed}"
    if any(file["name"].endswith(f"page-{number:04}.jpg") for file in row.files):
        return "a picture of a page that cannot be drawn in time"
    told = f"Page {number}: no image could be made." in row.warnings
    return _pictures_are_wrong(row) if told else f"the missing picture is not told: {row.warnings}"


def _pictures_are_wrong(row: JobRow) -> str | None:
    for file in row.files:
        if file["name"].endswith(".jpg"):
            with Image.open(Path(row.target_dir or "") / file["name"]) as picture:
                if max(picture.size) > 4_000 or picture.width * picture.height > 16_000_000:
                    return f"a picture of {picture.size}"
    return None


@contextmanager
def peak_memory(worker: subprocess.Popen[bytes]) -> Iterator[list[int]]:
    """The most resident memory that any process of the worker was seen to hold."""
    peak, ended = [0], threading.Event()

    def watch() -> None:
        while not ended.is_set():
            peak[0] = max(
                [peak[0], *(_resident(child) for child in psutil.Process(worker.pid).children(recursive=True))]
            )
            time.sleep(0.02)

    watching = threading.Thread(target=watch)
    watching.start()
    yield peak
    ended.set()
    watching.join()


def _resident(process: Any) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0
