"""What one worker has for webhooks: a sender, its own client and its own ears for the bells, opened and closed with the worker."""

import logging
from collections.abc import Callable
from typing import Final

from secretary.errors import Unavailable
from secretary.fetching import AsyncOutboundClient, OutboundPolicy
from secretary.queue import WEBHOOK_QUEUE, Listener
from secretary.store import Store
from secretary.webhooks.composing import Composer
from secretary.webhooks.sender import Sender

logger = logging.getLogger(__name__)

THREADS: Final = 8
"""Deliveries that one worker sends at once, beside its jobs."""


class Desk:
    """Everything but the start and the stop happens on the worker's event loop."""

    def __init__(
        self, worker_id: str, store: Store, composer: Composer, policy: OutboundPolicy, *, redis_address: str
    ) -> None:
        self._client = AsyncOutboundClient(policy)
        self._sender = Sender(worker_id=worker_id, deliveries=store.deliveries, composer=composer, client=self._client)
        self._listener = Listener(redis_address, WEBHOOK_QUEUE, self.deliver_webhook, threads=THREADS)

    async def deliver_webhook(self, _queue: str) -> None:
        """The actor: send what is due. The database being away leaves it to the sweeper."""
        try:
            await self._sender.deliver_due()
        except Unavailable as error:
            logger.warning("a bell for webhooks was heard but the database does not answer: %s", error)

    def start(self) -> None:
        self._listener.start()

    def begin_to_stop(self) -> None:
        """Take no more deliveries; those on their way go on."""
        self._sender.drain()
        self._listener.begin_to_stop()

    def interrupt(self) -> None:
        """Break off what is on its way."""
        self._sender.interrupt()

    def stop(self, call_soon: Callable[[Callable[[], None]], None]) -> None:
        """Break off what is on its way, by `call_soon` on the event loop, and wait until that is entered."""
        call_soon(self._sender.interrupt)
        self._listener.stop()

    async def aclose(self) -> None:
        await self._client.aclose()
