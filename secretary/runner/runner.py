"""The runner: the best due job of a queue, from its claim to its end."""

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from secretary.errors import JobFailure, SecretaryError, StorageUnavailable, Unavailable
from secretary.fetching import OutboundPolicy
from secretary.files import KeptTexts, ProducedFolder, ResultCache, WorkingFolder
from secretary.job_types import JobType, JobTypes
from secretary.jobs import retry_delay
from secretary.models import JobRow, progress_of
from secretary.parameters import with_secrets
from secretary.progress import ProgressBus
from secretary.providers import Providers
from secretary.runner.attempt import Attempt, ClaimLost, Failure, Interrupted, TimeLimits, internal_failure
from secretary.runner.caching import Caching
from secretary.runner.downloads import Downloads
from secretary.runner.ending import Ending
from secretary.runner.inputs import Input, Inputs
from secretary.runner.reporter import Reporter
from secretary.runner.sent_inputs import SentInputs
from secretary.sandbox import Pool, Task
from secretary.secrecy import Secrecy
from secretary.store import Claim, Claims

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RunnerLimits:
    """What jobs on this worker may use, and when a failed one is tried again."""

    time: TimeLimits
    retry_seconds: float
    max_file_bytes: int
    input_roots: tuple[Path, ...]
    providers: Providers = field(default_factory=Providers)
    outbound: OutboundPolicy = field(default_factory=OutboundPolicy)
    kept_texts: KeptTexts | None = None


class Runner:
    """Runs jobs of one worker, several at once."""

    def __init__(
        self,
        *,
        worker_id: str,
        claims: Claims,
        bus: ProgressBus,
        pool: Pool,
        online_pool: Pool,
        produced: ProducedFolder,
        job_types: JobTypes,
        limits: RunnerLimits,
        cache: ResultCache,
        downloads: Downloads,
        sent: SentInputs,
        secrecy: Secrecy,
        ring_webhooks: Callable[[], None],
    ) -> None:
        self._worker_id = worker_id
        self._claims = claims
        self._bus = bus
        self._pool = pool
        self._online_pool = online_pool
        self._produced = produced
        self._job_types = job_types
        self._limits = limits
        self._inputs = Inputs(downloads, sent, roots=limits.input_roots, max_bytes=limits.max_file_bytes)
        self._caching = Caching(cache, limits.providers)
        self._secrecy = secrecy
        self._ring_webhooks = ring_webhooks
        self._running: dict[str, Attempt] = {}
        self._unknown: set[str] = set()
        self._draining = False

    async def run_next(self, queue: str) -> bool:
        """Claim the best due job and run it to the end of this attempt; False when nothing is due or the worker ends."""
        if self._draining:
            return False
        claimed = await self._claims.claim(queue, self._worker_id)
        if claimed is None:
            return False
        claim, row = claimed
        reporter = Reporter(claim, row, self._claims, self._bus, self._ring_webhooks)
        attempt = Attempt(row.id, reporter, self._limits.time)
        ending = Ending(claim, row, reporter, self._claims, self._produced, retry_seconds=self._limits.retry_seconds)
        self._running[claim.token] = attempt
        try:
            await reporter.publish_claim()
            await self._run(attempt, claim, row, ending)
        except Unavailable:
            raise
        except Exception:  # noqa: BLE001
            # Whatever goes wrong here (a full disk, say) must end the job: nobody else will while this worker lives.
            failure = internal_failure(row.id, traceback.format_exc())
            await ending.fail(failure)
        finally:
            del self._running[claim.token]
        return True

    async def check_claims(self) -> None:
        """Stop the attempts whose claim is gone: cancelled, deleted, or taken back while this worker was silent.

        A claim held by this worker twice in a row without being run here is given back: its answer never arrived.
        """
        before = dict(self._running)
        held = await self._claims.held_by(self._worker_id)
        for token, attempt in before.items():
            if token not in held:
                attempt.stop(ClaimLost())
        unknown = held - before.keys() - self._running.keys()
        if forgotten := unknown & self._unknown:
            delay = retry_delay(1, base=self._limits.retry_seconds)
            for row in await self._claims.disown(self._worker_id, sorted(forgotten), delay=delay):
                logger.warning("job %s was claimed without this worker knowing and was given back", row.id)
                await self._bus.publish(progress_of(row))
        self._unknown = unknown

    def runs(self, job_ids: set[str]) -> bool:
        """Whether any of these jobs runs here."""
        return any(attempt.job_id in job_ids for attempt in self._running.values())

    def drain(self) -> None:
        """Take no more jobs."""
        self._draining = True

    def interrupt(self) -> None:
        """Give the running jobs back to the queue."""
        for attempt in self._running.values():
            attempt.stop(Interrupted())

    async def _run(self, attempt: Attempt, claim: Claim, row: JobRow, ending: Ending) -> None:
        working = await asyncio.to_thread(self._produced.begin, row.id, claim.attempt, claim.token)
        try:
            await self._work(attempt, row, ending, working)
        except ClaimLost:
            logger.info("job %s is no longer this worker's; its attempt %s was stopped", row.id, claim.attempt)
        except Interrupted:
            await ending.give_back()
        except JobFailure as failure:
            await ending.fail(Failure.of(failure))
        except StorageUnavailable as error:
            await ending.fail(Failure(error.code, error.message, error.details, transient=True))
        except SecretaryError as error:
            await ending.fail(Failure(error.code, error.message, error.details, transient=False))
        finally:
            await asyncio.to_thread(self._produced.discard, working)

    async def _work(self, attempt: Attempt, row: JobRow, ending: Ending, working: WorkingFolder) -> None:
        job_type = self._job_types.get(row.job_type)
        parameters = self._parameters(job_type, row)
        source = await attempt.here(
            self._inputs.bring(
                job_type.parameters,
                parameters,
                owner=row.owner,
                upload_id=row.upload_id,
                working=working,
                report=attempt.report,
            )
        )
        if isinstance(source, Failure):
            await ending.fail(source)
            return
        task = self._task(row, parameters, source, working)
        key = await self._caching.key_of(job_type, row.owner, task.parameters, task.source)
        known = await self._caching.take(key, working)
        if known is not None:
            await ending.complete(known, working, from_cache=True)
            return
        pool = self._online_pool if job_type.needs_network(task.parameters, self._limits.providers) else self._pool
        outcome = await attempt.run(task, pool, start_over=self._starting_over(job_type, working))
        if isinstance(outcome, Failure):
            await ending.fail(outcome, working)
            return
        published = await ending.complete(outcome, working)
        if published is not None:
            await self._caching.keep(key, outcome, published.local)

    def _parameters(self, job_type: JobType, row: JobRow) -> dict[str, Any]:
        parameters = with_secrets(row.parameters, job_type.parameters.secret_names(), self._secrecy.unseal)
        # The process that opens the document has no use for it.
        parameters.pop("webhook", None)
        return parameters

    def _task(self, row: JobRow, parameters: dict[str, Any], source: Input | None, working: WorkingFolder) -> Task:
        kept = self._limits.kept_texts
        return Task(
            row.job_type,
            parameters,
            str(source.path) if source else None,
            str(working.files),
            str(working.archive),
            self._limits.providers.model_dump(),
            source_info=asdict(source.info) if source and source.info else None,
            outbound=self._limits.outbound.to_dict(),
            kept_texts=kept.of_owner(row.owner) if kept else None,
        )

    def _starting_over(self, job_type: JobType, working: WorkingFolder) -> Callable[[], Awaitable[None]] | None:
        if not job_type.careful:
            return None
        return lambda: asyncio.to_thread(self._produced.empty, working)
