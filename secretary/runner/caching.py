"""Which earlier results a job may take as its own: those of the same owner, bytes or text, parameters, template and engines."""

import asyncio
import hashlib
import json
import logging
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from secretary import __version__
from secretary.documents.ocr.tessdata import data_found
from secretary.errors import TemplateError
from secretary.files import CachedResult, ResultCache, WorkingFolder
from secretary.job_types import JobType
from secretary.language.wishes import template_for_job
from secretary.parameters import Parameters
from secretary.parameters.templating import TemplateWish
from secretary.providers import Providers
from secretary.sandbox import Done

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CacheKey:
    """Where a job's results are, or will be, kept, and what of it they were made from."""

    key: str
    fingerprint: str
    made_from: "MadeFrom"
    may_take: bool


@dataclass(frozen=True, slots=True)
class MadeFrom:
    """What lies outside a job's parameters: its input file and its template, both of which may change meanwhile."""

    source: Path | None
    wish: TemplateWish | None
    templates: str | None

    def fingerprint(self) -> str:
        """Of their contents now. Raises OSError, and what `template_for_job` raises."""
        said = hashlib.sha256()
        if self.source is not None:
            with self.source.open("rb") as file:
                said.update(hashlib.file_digest(file, "sha256").digest())
        if self.wish is not None:
            said.update(template_for_job(self.wish, self.templates).fingerprint.encode())
        return said.hexdigest()


class Caching:
    """The cache as the runner uses it. What goes wrong in it costs time, never the job."""

    def __init__(self, cache: ResultCache, providers: Providers) -> None:
        self._cache = cache
        self._tessdata = providers.tessdata
        self._templates = providers.templates
        self._providers = providers.model_dump_json(exclude={name: {"key"} for name in ("mistral", "openai", "llm")})

    async def key_of(self, job_type: JobType, owner: str, given: dict[str, Any], source: str | None) -> CacheKey | None:
        """The key for a job with these parameters, its secrets plain; None when it neither takes nor keeps results.

        The input is read through to know it by its bytes."""
        if not job_type.engines or not self._cache.enabled or not given.get("use_cache", True):
            return None
        path = Path(source) if source else None
        try:
            parameters = job_type.parameters.model_validate_json(json.dumps(given))
            ocr_data = data_found(self._tessdata) if parameters.may_use_ocr else []
            made_from = MadeFrom(path, parameters.template_wish, self._templates)
            fingerprint = await asyncio.to_thread(made_from.fingerprint)
        except (OSError, ValueError, TemplateError):
            # The handler meets the same and says it in its own words.
            return None
        said = [
            owner,
            job_type.name,
            fingerprint,
            path and path.name,  # produced files are named after it
            _what_matters(parameters),
            _engines(job_type.engines),
            ocr_data,
            self._providers,
        ]
        key = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
        return CacheKey(key, fingerprint, made_from, may_take=not given.get("force_refresh", False))

    async def take(self, key: CacheKey | None, into: WorkingFolder) -> Done | None:
        """An earlier job's results as this one's own, its files in the working folder."""
        if key is None or not key.may_take:
            return None
        kept = await asyncio.to_thread(self._cache.take, key.key, into)
        return None if kept is None else Done(kept.results, kept.files, kept.warnings, resident_bytes=0)

    async def keep(self, key: CacheKey | None, done: Done, made: WorkingFolder) -> None:
        """Keep a job's results, unless they are not whole or its input has changed since they were asked for."""
        if key is not None and done.whole:
            await asyncio.to_thread(self._keep, key, done, made)

    def _keep(self, key: CacheKey, done: Done, made: WorkingFolder) -> None:
        try:
            if key.made_from.fingerprint() == key.fingerprint:
                self._cache.keep(key.key, made, CachedResult(done.results, done.warnings, done.files))
        except (OSError, TemplateError) as error:
            logger.warning("results could not be kept for later jobs: %s", error)


def _what_matters(parameters: Parameters) -> dict[str, object]:
    values: dict[str, object] = parameters.model_dump(mode="json")
    return {name: value for name, value in values.items() if name not in parameters.without_effect}


@lru_cache
def _engines(names: tuple[str, ...]) -> list[str]:
    """The versions of what does the work; one that is installed or removed changes results too."""
    return [f"secretary {__version__}", *(f"{name} {_version(name)}" for name in names)]


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
