"""One running service for all tests of this folder: Valkey, web process and worker as real processes."""

import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from secretary.auth import new_key
from secretary.store import Database, Store
from tests.conftest import USER_KEY, free_port
from tests.installation import Installation


@pytest.fixture(scope="module")
def shared_inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("inputs")


@pytest.fixture(scope="module")
def service(short_dir: Path, shared_inputs: Path) -> Iterator[Installation]:
    folder = short_dir / uuid.uuid4().hex[:8]
    folder.mkdir()
    corpus = Path(__file__).parents[3] / "shared" / "corpus"
    roots = f"{shared_inputs}:{corpus}" if corpus.is_dir() else str(shared_inputs)
    made = Installation(folder, shared_inputs, None, free_port(), SECRETARY_INPUT_ROOTS=roots)
    made.start_valkey()
    made.start_worker()
    made.start_web()
    yield made
    made.stop_all()


@pytest.fixture
async def client(service: Installation) -> AsyncIterator[httpx.AsyncClient]:
    """A client with the key of a user who is no admin."""
    store = Store(Database(service.settings.sqlalchemy_url))
    key = new_key(USER_KEY)
    await store.keys.add(key.id, user_id="ursula", is_admin=False, key_hash=key.key_hash, hint=key.hint)
    await store.close()
    base = f"http://127.0.0.1:{service.settings.port}"
    headers = {"Authorization": f"Bearer {USER_KEY}"}
    async with httpx.AsyncClient(base_url=base, headers=headers, trust_env=False, timeout=30) as opened:
        yield opened
