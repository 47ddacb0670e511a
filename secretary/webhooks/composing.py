"""From a claimed delivery to the message that is posted: what it is about is read now, and secrets are opened here and nowhere else."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from secretary.deliveries import DeliveryRow, Phase
from secretary.job_types import JobTypes
from secretary.jobs import JobStatus
from secretary.models import JobRow
from secretary.parameters import Webhook, with_secrets
from secretary.secrecy import Secrecy
from secretary.store import Store
from secretary.webhooks.payloads import encoded, of_batch, of_completed, of_error, of_progress, url_of


@dataclass(frozen=True, slots=True)
class Message:
    """What is posted, and to whom."""

    webhook: Webhook
    body: bytes


class Composer:
    """Puts deliveries into words."""

    def __init__(self, store: Store, secrecy: Secrecy, job_types: JobTypes, public_url: str | None) -> None:
        self._store = store
        self._secrecy = secrecy
        self._job_types = job_types
        self._public_url = public_url

    async def compose(self, row: DeliveryRow) -> Message | None:
        """The message, or None when there is nothing to tell any more: the job is gone or runs again. Raises SecretUnreadable."""
        if row.target_id.startswith("batch-"):
            return await self._of_batch(row)
        job = await self._store.jobs.get(row.target_id, results=row.phase == Phase.COMPLETED.value)
        if job is None:
            return None
        webhook = self._opened(job.parameters["webhook"])
        body = self._of_job(row, job, webhook)
        return await self._message(row, webhook, body) if body else None

    def _of_job(self, row: DeliveryRow, job: JobRow, webhook: Webhook) -> dict[str, Any] | None:
        if row.phase == Phase.ERROR.value:
            return of_error(row.error, job, webhook)
        if row.phase == Phase.PROCESSING.value:
            return None if job.status.ended else of_progress(row, job, webhook)
        if job.status is not JobStatus.COMPLETED:
            return None
        job_type = self._job_types.known(job.job_type)
        return of_completed(job, job_type.results if job_type else None, webhook)

    async def _of_batch(self, row: DeliveryRow) -> Message | None:
        batch = await self._store.batches.get(row.target_id)
        if batch is None or batch.webhook is None:
            return None
        counts = (await self._store.batches.states([batch.id]))[batch.id].counts
        if not counts.status.ended:
            return None
        webhook = self._opened(batch.webhook)
        jobs = await self._store.batches.jobs(batch.id)
        return await self._message(row, webhook, of_batch(Phase(row.phase), batch, counts, jobs, webhook))

    async def _message(self, row: DeliveryRow, webhook: Webhook, body: dict[str, Any]) -> Message:
        # In a thread, since a megabyte of JSON takes long enough for the jobs of this worker to notice.
        content = await asyncio.to_thread(encoded, body, url_of(row, self._public_url))
        return Message(webhook, content)

    def _opened(self, sealed: Mapping[str, Any]) -> Webhook:
        return Webhook.model_validate(with_secrets(sealed, ("token", "secret"), self._secrecy.unseal))
