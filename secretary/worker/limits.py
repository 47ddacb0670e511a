"""What the settings allow a job, in the words of the runner and of its children."""

from typing import Final

from secretary.resources import kept_texts, outbound_policy, providers_of
from secretary.runner import RunnerLimits
from secretary.runner.attempt import TimeLimits
from secretary.sandbox import ChildLimits
from secretary.settings import Settings

MEGABYTE: Final = 1024 * 1024


def child_limits(settings: Settings) -> ChildLimits:
    return ChildLimits(
        memory_bytes=settings.memory_megabytes * MEGABYTE,
        file_bytes=settings.output_megabytes * MEGABYTE,
        job_seconds=settings.job_seconds,
        max_pages=settings.max_pages,
        page_seconds=settings.page_seconds,
        max_file_bytes=settings.max_file_megabytes * MEGABYTE,
        media_bytes=min(settings.max_media_megabytes, settings.output_megabytes) * MEGABYTE,
    )


def runner_limits(settings: Settings) -> RunnerLimits:
    return RunnerLimits(
        time=TimeLimits(settings.job_seconds, settings.silence_seconds),
        retry_seconds=settings.retry_seconds,
        max_file_bytes=settings.max_file_megabytes * MEGABYTE,
        input_roots=settings.input_roots,
        providers=providers_of(settings),
        outbound=outbound_policy(settings),
        kept_texts=kept_texts(settings),
    )
