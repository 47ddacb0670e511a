"""The whole service under one supervisor: prepare, start, say when it is ready, watch, stop in order."""

import contextlib
import http.client
import os
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from secretary.settings import Settings
from secretary.up import valkey
from secretary.up.child import Child, own_command, spawn
from secretary.up.data_folder import prepare_folder
from secretary.up.listening import address_of, listen, url_of
from secretary.up.lock import DataFolderLock, RunningService, hold
from secretary.up.signals import Signals, listening_for_signals
from secretary.up.supervisor import Supervisor

if TYPE_CHECKING:
    from secretary.up.preparing import FirstKey

SECONDS_TO_STOP: Final = 7.5
"""For web and workers; with Valkey's it stays under the ten seconds that service managers and people wait."""
VALKEY_SECONDS_TO_STOP: Final = 1.5
_LOOK_EVERY: Final = 0.05
_ANSWER_WITHIN: Final = 0.5


@dataclass(frozen=True, slots=True)
class Ready:
    """The service answers."""

    url: str
    key: "FirstKey"
    seconds: float


def serve(settings: Settings, *, on_ready: Callable[[Ready], None], lock: DataFolderLock | None = None) -> None:
    """Run the service until this process is told to stop; raises CannotStart.

    `lock` is the data folder's, when the caller holds it already because the service only passes by for one `secretary run`.
    """
    began = time.monotonic()
    prepare_folder(settings.data_dir)
    with (
        _held(settings, lock) as held,
        contextlib.closing(listen(settings.host, settings.port)) as listener,
        listening_for_signals() as signals,
    ):
        held.tell(RunningService(pid=os.getpid(), url=url_of(listener), passing=lock is not None))
        settings = settings.model_copy(update={"port": address_of(listener)[1]})
        supervisor = Supervisor(signals)
        try:
            key = _start(settings, supervisor, listener)
            signals.interrupting = False
            _watch(
                supervisor, signals, listener, lambda: on_ready(Ready(url_of(listener), key, time.monotonic() - began))
            )
        except KeyboardInterrupt:
            return
        finally:
            signals.interrupting = False
            # From here on callers are refused rather than left waiting for a web process that will not come.
            listener.close()
            supervisor.stop()


@contextlib.contextmanager
def _held(settings: Settings, lock: DataFolderLock | None) -> Iterator[DataFolderLock]:
    with lock or hold(settings.data_dir) as held:
        yield held


def _start(settings: Settings, supervisor: Supervisor, listener: socket.socket) -> "FirstKey":
    # Valkey loads its file while this process loads what it needs of SQL and migrates; web and workers then find both.
    private = valkey.child(settings) if settings.redis_url is None else None
    if private is not None:
        supervisor.start([private], seconds_to_stop=VALKEY_SECONDS_TO_STOP)
    from secretary.resources import secret_keys
    from secretary.up.preparing import prepare_database, prepare_key, require_redis

    secret_keys(settings)
    prepare_database(settings)
    key = prepare_key(settings)
    if private is not None:
        valkey.wait_until_answering(settings, still_there=lambda: private.alive)
    else:
        require_redis(settings)
    supervisor.start([_web(settings, listener), *_workers(settings)], seconds_to_stop=SECONDS_TO_STOP)
    return key


def _web(settings: Settings, listener: socket.socket) -> Child:
    descriptor = listener.fileno()
    return Child(
        "web",
        lambda: spawn(
            own_command("web", "--listener", str(descriptor)), environment=_environment(settings), keep=(descriptor,)
        ),
    )


def _workers(settings: Settings) -> list[Child]:
    environment = _environment(settings)
    names = ["worker"] if settings.workers == 1 else [f"worker {number}" for number in range(1, settings.workers + 1)]
    return [Child(name, lambda: spawn(own_command("worker", "--prepared"), environment=environment)) for name in names]


def _environment(settings: Settings) -> dict[str, str]:
    return {**os.environ, **settings.environment()}


def _watch(supervisor: Supervisor, signals: Signals, listener: socket.socket, on_ready: Callable[[], None]) -> None:
    ready = False
    while not signals.stop:
        supervisor.tend(*(() if ready else (_LOOK_EVERY,)))
        if not ready and not signals.stop:
            supervisor.refuse_early_deaths()
            ready = is_ready(*address_of(listener))
            if ready:
                on_ready()


def is_ready(host: str, port: int) -> bool:
    """Whether database, Redis and a worker are there, as the service itself says."""
    connection = http.client.HTTPConnection(host, port, timeout=_ANSWER_WITHIN)
    try:
        connection.request("GET", "/api/health/ready")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
