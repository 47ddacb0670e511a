"""A sender over a real store and the real outbound client, and a receiver that answers as the test wants."""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from secretary.fetching import AsyncOutboundClient, OutboundPolicy
from secretary.job_types import load_job_types
from secretary.migrations import migrate
from secretary.parameters import Parameters, with_secrets
from secretary.secrecy import Secrecy
from secretary.store import Database, Store
from secretary.webhooks import Sender
from secretary.webhooks.composing import Composer
from tests.receiver import Receiver, receiving
from tests.runner.conftest import SECRET_KEY
from tests.store.told import add_told

SECRECY = Secrecy(lambda: [SECRET_KEY])


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    url = f"sqlite+aiosqlite:///{tmp_path / 'secretary.db'}"
    migrate(url)
    opened = Store(Database(url))
    yield opened
    await opened.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


@pytest.fixture
async def make_sender(store: Store) -> AsyncIterator[Callable[..., Sender]]:
    clients: list[AsyncOutboundClient] = []

    def make(*, private: bool = True, secrecy: Secrecy = SECRECY, worker_id: str = "worker-1") -> Sender:
        clients.append(AsyncOutboundClient(OutboundPolicy(allow_private_networks=private)))
        composer = Composer(store, secrecy, load_job_types(), "https://secretary.example.org")
        return Sender(worker_id=worker_id, deliveries=store.deliveries, composer=composer, client=clients[-1])

    yield make
    for client in clients:
        await client.aclose()


@pytest.fixture
def sender(make_sender: Callable[..., Sender]) -> Sender:
    return make_sender()


@pytest.fixture
def add_job(store: Store, receiver: Receiver) -> Any:
    """Adds a job whose owner listens at the receiver; its secrets are sealed as the service seals them."""

    async def one(**webhook: Any) -> str:
        parameters = {"webhook": {"url": receiver.url(), **webhook}}
        sealed = with_secrets(parameters, Parameters.secret_names(), SECRECY.seal)
        [job_id] = await add_told(store, parameters=sealed)
        return job_id

    return one
