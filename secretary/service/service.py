"""Everything the doors may ask, put together from what a process has opened."""

from pathlib import Path

from secretary.auth import Authenticator
from secretary.files import DownloadCache, ProducedFolder, Storage
from secretary.progress import Hub, ProgressBus
from secretary.queue import Doorbell
from secretary.rates import RequestRates
from secretary.service.batches import BatchService
from secretary.service.deliveries import DeliveryService
from secretary.service.jobs import JobService
from secretary.service.keys import KeyService
from secretary.service.overview import Overview
from secretary.service.policy import Policy
from secretary.service.telling import Telling
from secretary.service.uploads import UploadService
from secretary.service.watching import Watching
from secretary.store import Store


class Service:
    """The service as the doors see it."""

    def __init__(
        self,
        *,
        store: Store,
        bus: ProgressBus,
        hub: Hub,
        doorbell: Doorbell,
        produced: ProducedFolder,
        uploads: Storage,
        incoming: Path,
        downloads: DownloadCache,
        policy: Policy,
        rates: RequestRates,
        worker_seconds: float,
    ) -> None:
        self._telling = Telling(bus, doorbell, store.moves)
        self.auth = Authenticator(store.keys, rates)
        self.uploads = UploadService(store, uploads, incoming, policy)
        self.jobs = JobService(store, bus, self._telling, produced, policy, self.uploads, downloads)
        self.batches = BatchService(store, bus, self._telling, policy, self.uploads)
        self.deliveries = DeliveryService(store, self._telling)
        self.keys = KeyService(store.keys)
        self.watch = Watching(store, bus, hub)
        self.templates = policy.templates
        self.overview = Overview(store, bus, worker_seconds=worker_seconds)

    async def close(self) -> None:
        """Wait for what is still being told."""
        await self._telling.close()
