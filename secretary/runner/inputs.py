"""Bringing a job's input to a path of this machine before a child starts, wherever it comes from."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from secretary.files import WorkingFolder, resolve_input
from secretary.handlers import SourceInfo
from secretary.parameters import Parameters
from secretary.runner.downloads import Downloads, Report, Wanted
from secretary.runner.sent_inputs import SentInputs


@dataclass(frozen=True, slots=True)
class Input:
    """A file to read, and what is known of it where it came from elsewhere."""

    path: Path
    info: SourceInfo | None = None


class Inputs:
    """Inputs of the jobs of one worker. What is brought lies in the attempt's `working.input` and goes with it."""

    def __init__(self, downloads: Downloads, sent: SentInputs, *, roots: tuple[Path, ...], max_bytes: int) -> None:
        self._downloads = downloads
        self._sent = sent
        self._roots = roots
        self._max_bytes = max_bytes

    async def bring(
        self,
        kind: type[Parameters],
        parameters: Mapping[str, Any],
        *,
        owner: str,
        upload_id: str | None,
        working: WorkingFolder,
        report: Report,
    ) -> Input | None:
        """The input that the parameters name, if any: the upload of this id where the job was given one.

        Raises a JobFailure when it is not to be had, and StorageUnavailable.
        """
        if upload_id is not None:
            return Input(await self._sent.bring(upload_id, owner, working.input))
        if url := parameters.get(kind.url_field or ""):
            told = report if kind.fetching_step else _initializing(report)
            return await self._fetched(url, parameters, owner, working, told)
        if filename := parameters.get(kind.input_field or ""):
            return Input(resolve_input(filename, self._roots, max_bytes=self._max_bytes))
        return None

    async def _fetched(
        self, url: str, parameters: Mapping[str, Any], owner: str, working: WorkingFolder, report: Report
    ) -> Input:
        may_keep = parameters.get("use_cache", True)
        wanted = Wanted(url, owner, may_take=may_keep and not parameters.get("force_refresh", False), may_keep=may_keep)
        await asyncio.to_thread(working.input.mkdir)
        path, download = await self._downloads.fetch(wanted, working.input, report)
        info = SourceInfo(download.url, download.media_type, download.filename, download.charset)
        return Input(path, info)


def _initializing(report: Report) -> Report:
    """Tells what is fetched before the first step of a job."""

    async def told(_step: str, _percent: int, message: str) -> None:
        await report("initializing", 0, message)

    return told
