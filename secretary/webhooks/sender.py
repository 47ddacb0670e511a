"""The sender, in every worker: takes the best due delivery, posts it and enters how that went, until nothing is due.

It shares the worker's event loop with the runner but none of its hands; a receiver that hangs costs a wait and no job."""

import asyncio
import logging
import time
from contextlib import suppress
from typing import Final

from secretary.deliveries import DeliveryRow, Phase
from secretary.errors import SecretaryError, SecretUnreadable, Unavailable
from secretary.fetching import AsyncOutboundClient, Posted
from secretary.store import Deliveries, DeliveryClaim, Outcome
from secretary.webhooks.composing import Composer, Message
from secretary.webhooks.schedule import asked_for, next_delay, outcome_of
from secretary.webhooks.signing import header_fields

logger = logging.getLogger(__name__)

ANSWER_SECONDS: Final = 15.0
"""A receiver that has not answered by then has failed; contract section 6."""
PROGRESS_ANSWER_SECONDS: Final = 5.0
"""Shorter for progress, since the end is not told before the last progress was answered or given up."""
_ENTER_SECONDS: Final = 30.0
"""How long the outcome is tried to be written while the database is away; after that the claim expires and it is sent again."""


class Sender:
    """Sends for one worker, several deliveries at once: as many as call `deliver_due` at the same time."""

    def __init__(
        self, *, worker_id: str, deliveries: Deliveries, composer: Composer, client: AsyncOutboundClient
    ) -> None:
        self._worker_id = worker_id
        self._deliveries = deliveries
        self._composer = composer
        self._client = client
        self._posting: set[asyncio.Task[Posted]] = set()
        self._draining = False

    async def deliver_due(self) -> int:
        """Send what is due until there is nothing; how many attempts were made."""
        count = 0
        while not self._draining and (claimed := await self._deliveries.claim(self._worker_id)):
            count += await self._deliver(*claimed)
        return count

    def drain(self) -> None:
        """Take no more deliveries."""
        self._draining = True

    def interrupt(self) -> None:
        """Break off what is on its way; it is due again at once."""
        for posting in self._posting:
            posting.cancel()

    async def _deliver(self, claim: DeliveryClaim, row: DeliveryRow) -> bool:
        begun = time.monotonic()
        try:
            message = await self._composer.compose(row)
        except SecretUnreadable as unreadable:
            outcome = self._failed(row, begun, unreadable.message)
        else:
            if message is None:
                await self._deliveries.drop(claim)
                return False
            outcome = await self._post(row, message)
        await self._enter(claim, row, outcome)
        return True

    async def _post(self, row: DeliveryRow, message: Message) -> Outcome:
        progress = row.phase == Phase.PROCESSING.value
        fields = header_fields(message.webhook, webhook_id(row), message.body, timestamp=int(time.time()))
        seconds = PROGRESS_ANSWER_SECONDS if progress else ANSWER_SECONDS
        begun = time.monotonic()
        posting = asyncio.create_task(self._client.post(message.webhook.url, message.body, fields, seconds=seconds))
        self._posting.add(posting)
        try:
            answer = await posting
        except asyncio.CancelledError:
            if not posting.cancelled():
                raise
            return Outcome(time.monotonic() - begun, error="The worker that sent this was stopped.", again_in=0.0)
        except SecretaryError as error:
            return self._failed(row, begun, error.message)
        finally:
            self._posting.discard(posting)
            posting.cancel()
        retry_after = answer.headers.get("retry-after")
        taken = time.monotonic() - begun
        outcome = outcome_of(answer.status, retry_after, seconds=taken, tries=row.tries)
        if progress and outcome.again_in is not None:
            return Outcome(taken, answer.status, outcome.error, asked_for(retry_after) or None)
        return outcome

    def _failed(self, row: DeliveryRow, begun: float, error: str) -> Outcome:
        again_in = None if row.phase == Phase.PROCESSING.value else next_delay(row.tries)
        return Outcome(time.monotonic() - begun, error=error, again_in=again_in)

    async def _enter(self, claim: DeliveryClaim, row: DeliveryRow, outcome: Outcome) -> None:
        if outcome.error and row.phase != Phase.PROCESSING.value:
            logger.info("attempt %s at %s to %s: %s", row.attempt_count, row.id, row.host, outcome.error)
        deadline = time.monotonic() + _ENTER_SECONDS
        while time.monotonic() < deadline:
            with suppress(Unavailable):
                await self._deliveries.finish(claim, row, outcome)
                return
            await asyncio.sleep(0.5)
        logger.warning("how %s went could not be entered; it will be sent again", row.id)


def webhook_id(row: DeliveryRow) -> str:
    """What a receiver tells doubles by: the delivery's id; of progress also its number, since each is another message."""
    return f"{row.id}-{row.sequence}" if row.phase == Phase.PROCESSING.value else row.id
